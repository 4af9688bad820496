/*
 * test_log.c - the way out for reports and warnings
 */
#include "base/log.h"

#include <stdio.h>
#include <string.h>

#include "harness/harness.h"

static char logged[4096];

static void note(cede_log_level level, const char *text, void *argument)
{
    snprintf(logged, sizeof logged, "%d %s %s", (int)level, text,
             (const char *)argument);
}

static void log_one(void *unused)
{
    (void)unused;
    cede__log(CEDE_LOG_WARNING, "beware\nof it");
}

TEST(by_default_reports_go_to_stderr)
{
    char output[256];

    harness_capture(log_one, NULL, output, sizeof output);
    CHECK_STR(output, "beware\nof it\n");
}

TEST(a_handler_gets_them_instead)
{
    char output[256];

    cede_set_log_handler(note, "mine");
    harness_capture(log_one, NULL, output, sizeof output);
    CHECK_STR(output, "");
    CHECK_STR(logged, "30 beware\nof it mine");
    cede__logf(CEDE_LOG_ERROR, "%d of %s", 3, "them");
    CHECK_STR(logged, "40 3 of them mine");
    cede_set_log_handler(NULL, NULL);
    harness_capture(log_one, NULL, output, sizeof output);
    CHECK_STR(output, "beware\nof it\n");
}

TEST(what_is_too_long_is_cut)
{
    cede_set_log_handler(note, "");
    cede__logf(CEDE_LOG_DEBUG, "%2000s", "x");
    CHECK_INT(strlen(logged), 3 + 1023 + 1);
}
