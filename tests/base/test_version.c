/*
 * The version, as text, as numbers, and as the library says it.
 */
#include "harness/harness.h"

#include <stdio.h>

#include "cede/version.h"

TEST(spellings_agree)
{
    char text[32];

    snprintf(text, sizeof text, "%d.%d.%d", CEDE_VERSION_MAJOR,
             CEDE_VERSION_MINOR, CEDE_VERSION_PATCH);
    CHECK_STR(CEDE_VERSION, text);
    CHECK_STR(cede_version(), text);
    CHECK_INT(CEDE_VERSION_NUMBER, CEDE_VERSION_MAJOR * 10000 +
                                       CEDE_VERSION_MINOR * 100 +
                                       CEDE_VERSION_PATCH);
}
