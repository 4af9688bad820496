/*
 * resolve.h - from what people call a host to its addresses
 *
 * Knows: numeric addresses and, in a thread of its own, getaddrinfo. Does not
 * know: what the addresses are for. Semantics: asyncio's loop.getaddrinfo.
 */
#pragma once

#include "cede/impl/platform.h"
#include "net/address.h"

/*
 * The addresses of a host, at least one, each once; free with cede__free. A
 * numeric host is read at once; any other suspends the task while a thread
 * looks it up. Cancelled, the thread is left to itself: it ends when its
 * lookup does and gives back what it holds.
 *
 * Raises gaierror, OSError, MemoryError, RuntimeError "can't start new
 * thread", CancelledError.
 */
cede__addresses *cede__resolve(const char *host, int port) CEDE_IMPL_USE_RESULT;
