/*
 * What the sources of this folder have in common. They are read by cede-lint
 * and never run.
 */
#pragma once

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cede.h"

int work(void); /* of elsewhere */
void say(const char *text);
void fill(int *n);
cede_value three(void *argument);

/* So that no compiler says that a function is not used. */
#define USE(...) void *const used[] = {__VA_ARGS__};
