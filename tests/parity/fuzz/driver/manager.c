/*
 * The forms of statements that are blocks with a context manager.
 */
#include "interpret.h"
#include "leave.h"
#include "trace.h"

/* A manager whose exit is a function of the program. */
struct manager {
    cede_object head;
    struct frame *frame; /* that has the block */
    const struct function *leave;
};

static void manager_enter(void *self)
{
    struct manager *manager = self;

    trace(manager->frame, "enter");
}

static bool manager_exit(void *self, cede_exception *exception)
{
    struct manager *manager = self;
    struct frame *frame = manager->frame;
    cede_value argument =
        exception ? cede_object(cede_ref(exception)) : cede_none;
    cede_value returned;
    bool swallow;

    trace(frame, "exit %s", show(frame->run, argument));
    returned = run_function(frame->run, manager->leave, NULL,
                            frame->depth + 1, argument);
    swallow = cede_value_truth(returned);
    cede_value_unref(returned);
    return swallow;
}

static const cede_manager_methods manager_methods = {.enter = manager_enter,
                                                     .exit = manager_exit};
static const cede_class manager_class[1] = {{.name = "Manager",
                                             .size = sizeof(struct manager),
                                             .manager = &manager_methods}};

static const struct function *function_of(const struct frame *frame,
                                          const struct word *word,
                                          enum function_kind kind)
{
    const struct function *function =
        &frame->run->program->functions[word->number];

    if (function->kind != kind)
        cede_raise(cede_TypeError, "%s is another kind", function->name);
    return function;
}

static struct manager *make_manager(struct frame *frame,
                                    const struct statement *statement)
{
    const struct function *leave =
        function_of(frame, &statement->words[0], FUNCTION_PLAIN);
    struct manager *manager;

    if (frame->depth == MOST_CALLS)
        cede_raise(cede_RecursionError, "too many calls");
    manager = cede_object_new(manager_class);
    manager->frame = frame;
    manager->leave = leave;
    return manager;
}

static enum outcome run_manage(struct frame *frame,
                               const struct statement *statement,
                               cede_value *result)
{
    enum outcome how = NEXT;

    (void)result;
    cede_keep(how);
    do {
        cede_with (manager, make_manager(frame, statement))
            LEAVE(run_block(frame, &statement->block))
        cede_end
    } while (0);
    return how;
}

static cede_context_manager *make_with(struct frame *frame,
                                       const struct statement *statement)
{
    const struct function *function =
        function_of(frame, &statement->words[0], FUNCTION_GENERATOR);
    struct thing *thing =
        new_thing(frame->run, function->name, function,
                  evaluate(frame, &statement->words[1]));

    return cede_contextmanager(cede_generator(run_thing, thing));
}

static enum outcome run_with(struct frame *frame,
                             const struct statement *statement,
                             cede_value *result)
{
    enum outcome how = NEXT;

    (void)result;
    cede_keep(how);
    do {
        cede_with (manager, make_with(frame, statement)) {
            trace(frame, "with %s", show(frame->run,
                                         cede_context_manager_value(manager)));
            LEAVE(run_block(frame, &statement->block))
        } cede_end
    } while (0);
    return how;
}

const struct form manager_forms[] = {
    {.name = "manage", .words = "f", .has_block = true, .run = run_manage},
    {.name = "with", .words = "fV", .has_block = true, .run = run_with},
    {.name = NULL},
};
