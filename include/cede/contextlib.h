/*
 * Context managers from generators.
 *
 * Python: contextlib.contextmanager; PEP 343. Rule E12. A generator that yields
 * once becomes a context manager: what stands before its yield is the enter,
 * what stands behind it the exit, and an exception of the block is raised at
 * the yield:
 *
 *     static cede_value opened(void *path)
 *     {
 *         FILE *f = fopen(path, "r");
 *
 *         cede_defer (fclose, f);
 *         cede_yield(cede_pointer(f));
 *         return cede_none;
 *     }
 *
 *     cede_with (file, cede_contextmanager(cede_generator(opened, path))) {
 *         read(cede_value_pointer(cede_context_manager_value(file)));
 *     } cede_end
 */
#pragma once

#include "cede/generator.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

typedef struct cede_context_manager cede_context_manager;

#ifndef __cplusplus

/*
 * A context manager that runs the generator: takes your reference to it,
 * returns one of its own. The generator must yield exactly once: RuntimeError
 * "generator didn't yield", "generator didn't stop", "generator didn't stop
 * after throw()". What it raises in the exit replaces the block's exception; if
 * it ends instead, the exception is swallowed. It may yield inside a timeout,
 * group or scope of its own, which then is around the block. The block may
 * suspend, and so may the generator. For one cede_with. Raises MemoryError, and
 * then the generator is given up.
 */
cede_context_manager *cede_contextmanager(cede_generator *generator)
    CEDE_IMPL_NEW;

/* What the generator yielded (`as` in Python), borrowed from the manager; none
   outside the block. */
cede_value cede_context_manager_value(const cede_context_manager *manager);

#endif /* !__cplusplus */

CEDE_IMPL_END
