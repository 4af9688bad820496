/*
 * The environment is asked once.
 */
#include "harness/harness.h"

#include <stdlib.h>

#include "base/environment.h"

TEST(debugging_is_asked_for_by_1)
{
    setenv("CEDE_DEBUG", "1", 1);
    CHECK(cede__debugging());
}

TEST(nobody_asked)
{
    unsetenv("CEDE_DEBUG");
    CHECK(!cede__debugging());
}

TEST(other_words_do_not_ask)
{
    setenv("CEDE_DEBUG", "yes", 1);
    CHECK(!cede__debugging());
}

TEST(the_first_answer_stays)
{
    setenv("CEDE_DEBUG", "1", 1);
    CHECK(cede__debugging());
    unsetenv("CEDE_DEBUG");
    CHECK(cede__debugging());
}

TEST(no_is_an_answer_too)
{
    unsetenv("CEDE_DEBUG");
    CHECK(!cede__debugging());
    setenv("CEDE_DEBUG", "1", 1);
    CHECK(!cede__debugging());
}
