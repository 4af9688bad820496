/*
 * watch.h - debug mode: who takes too long, and where things came from
 *
 * Knows: how to say what a job is, with the help of the floor above. Must not
 * know: why a callback is slow. Without debug mode nothing here runs.
 *
 * Semantics: asyncio's debug mode, BaseEventLoop._run_once and
 * slow_callback_duration (L18); the places of reports (L29).
 */
#pragma once

#include "loop/loop.h"
#include "value/text.h"

/* In the beginning: `debug` as in cede_loop_options. */
void cede__watch_init(cede_loop *loop, int debug);

/* Runs the job, and reports it if it took longer than the loop allows. */
void cede__watch_run(cede_loop *loop, cede__job *job);

/* Appends " tick()" and in debug mode " created at a.c:12"; nothing if `call`
   is NULL. */
void cede__call_describe(const cede_impl_call *call, bool debug,
                         cede__text *text);
