/*
 * version.c - the version the library was built as
 */
#include "cede/version.h"

const char *cede_version(void)
{
    return CEDE_VERSION;
}
