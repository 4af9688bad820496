/*
 * share.h - contexts that go to another thread
 */
#pragma once

#include "cede/context.h"

/* Shares what is set in the context (cede_share): another thread will use a
   copy of it. Raises MemoryError. */
void cede__share_context(cede_context *context);
