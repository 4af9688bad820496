/*
 * Who waits for whom, drawn: the call graph of one task and the tree of all.
 * Rules D11, D12.
 *
 * The layout is that of asyncio.print_call_graph and `python -m asyncio
 * pstree`, with native frames in place of Python's.
 */
#include "task/inspect.h"

#include "base/memory.h"
#include "flow/flow.h"

#include "cede/inspect.h"

#include <stdlib.h>

/* --- the call graph --- */

enum { MOST_LEVELS = 100 };

/* One level, and those above it: who is waited for by it. */
struct level {
    const struct level *above;
    const cede_future *future;
    int depth;
    FILE *file;
    cede__symbols *symbols;
    bool any;
};

static void indent(const struct level *here)
{
    fprintf(here->file, "%*s", here->depth * 4, "");
}

static bool render_stretch(const cede__stretch *stretch, void *argument)
{
    struct level *here = argument;
    char line[CEDE__LINE];

    for (size_t i = 0; i < stretch->count; i++) {
        if (!here->any) {
            indent(here);
            fprintf(here->file, "  + Call stack:\n");
        }
        here->any = true;
        cede__frame_tell(here->symbols, stretch->frames[i], line, sizeof line);
        indent(here);
        fprintf(here->file, "  |   %s\n", line);
    }
    return true;
}

static void render_head(const struct level *here)
{
    const cede_future *future = here->future;
    char label[32];

    indent(here);
    if (future->head.object_class == cede__task_class)
        fprintf(here->file, "* Task(name='%s', id=%p)\n",
                cede__task_label((const cede_task *)future, label,
                                 sizeof label),
                (const void *)future);
    else
        fprintf(here->file, "* %s(id=%p)\n", future->head.object_class->name,
                (const void *)future);
}

static bool is_above(const struct level *here, const cede_future *future)
{
    for (; here; here = here->above)
        if (here->future == future)
            return true;
    return false;
}

static void render(struct level *here);

static void render_waiters(struct level *here)
{
    cede__waiters waiters;
    cede_future *waiter;
    bool any = false;

    cede__waiters_begin(&waiters, here->future);
    while ((waiter = cede__waiters_next(&waiters)) != NULL) {
        struct level next = {.above = here,
                             .future = waiter,
                             .depth = here->depth + 1,
                             .file = here->file,
                             .symbols = here->symbols};

        if (!any) {
            indent(here);
            fprintf(here->file, "  + Awaited by:\n");
        }
        any = true;
        if (is_above(here, waiter)) {
            render_head(&next);
            indent(&next);
            fprintf(here->file, "  ! shown above: they await each other\n");
        } else if (next.depth == MOST_LEVELS) {
            indent(&next);
            fprintf(here->file, "* ...\n");
        } else {
            render(&next);
        }
    }
}

static void render(struct level *here)
{
    render_head(here);
    if (here->future->head.object_class == cede__task_class)
        cede__task_walk((const cede_task *)here->future, render_stretch, here);
    render_waiters(here);
}

void cede_print_call_graph(cede_task *task, FILE *file)
{
    cede__symbols symbols = {0};
    struct level here = {.file = file ? file : stderr, .symbols = &symbols};
    cede_loop *loop = cede_get_running_loop();

    if (task) {
        cede_check_alive(task);
        loop = task->future.loop;
    } else {
        task = cede__task_now();
        if (!task)
            return;
    }
    cede__loop_check_thread(loop);
    here.future = &task->future;
    flockfile(here.file);
    render(&here);
    fflush(here.file);
    funlockfile(here.file);
}

/* --- the tree --- */

/* That one task awaits another. */
struct edge {
    const cede_task *waiter;
    const cede_task *awaited;
};

struct node {
    const cede_task *task;
    size_t first_edge; /* of those whose waiter it is */
    bool shown;
    bool awaited;
    bool open; /* on the way from a root to here */
};

/* Where the drawing is: at which edge of which node. */
struct step {
    size_t node;
    size_t edge;
};

struct tree {
    FILE *file;
    struct node *nodes; /* by the numbers of the tasks */
    size_t node_count;
    struct edge *edges;
    size_t edge_count, edge_capacity;
    struct step *steps;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_number(const void *a, const void *b)
{
    return compare_numbers(((const struct node *)a)->task->number,
                           ((const struct node *)b)->task->number);
}

static int by_waiter(const void *a, const void *b)
{
    const struct edge *left = a, *right = b;
    int order = compare_numbers(left->waiter->number, right->waiter->number);

    return order ? order
                 : compare_numbers(left->awaited->number,
                                   right->awaited->number);
}

static bool add_edge(struct tree *tree, const cede_task *waiter,
                     const cede_task *awaited)
{
    if (tree->edge_count == tree->edge_capacity) {
        size_t capacity = tree->edge_capacity * 2 + 16;
        struct edge *edges =
            cede__realloc(tree->edges, capacity * sizeof *edges);

        if (!edges)
            return false;
        tree->edges = edges;
        tree->edge_capacity = capacity;
    }
    tree->edges[tree->edge_count++] = (struct edge){waiter, awaited};
    return true;
}

/* Futures in between are passed through, but not for ever. */
static bool add_waiters(struct tree *tree, const cede_future *future,
                        const cede_task *awaited, int depth)
{
    enum { MOST_DEPTH = 8 };
    cede__waiters waiters;
    cede_future *waiter;

    cede__waiters_begin(&waiters, future);
    while ((waiter = cede__waiters_next(&waiters)) != NULL) {
        if (waiter->head.object_class == cede__task_class) {
            if (!add_edge(tree, (const cede_task *)waiter, awaited))
                return false;
        } else if (depth < MOST_DEPTH &&
                   !add_waiters(tree, waiter, awaited, depth + 1)) {
            return false;
        }
    }
    return true;
}

static struct node *find(const struct tree *tree, const cede_task *task)
{
    struct node key = {.task = task};

    return bsearch(&key, tree->nodes, tree->node_count, sizeof key, by_number);
}

static void link_nodes(struct tree *tree)
{
    size_t next = 0;

    for (size_t i = 0; i < tree->node_count; i++) {
        struct node *node = &tree->nodes[i];

        while (next < tree->edge_count &&
               tree->edges[next].waiter->number < node->task->number)
            next++;
        node->first_edge = next;
    }
    for (size_t i = 0; i < tree->edge_count; i++) {
        struct node *node = find(tree, tree->edges[i].awaited);

        if (node && find(tree, tree->edges[i].waiter))
            node->awaited = true;
    }
}

static bool build(struct tree *tree, const cede__tasks *tasks)
{
    size_t count = tasks ? tasks->count : 0;

    tree->nodes = cede__calloc(count + 1, sizeof *tree->nodes);
    tree->steps = cede__calloc(count + 1, sizeof *tree->steps);
    if (!tree->nodes || !tree->steps)
        return false;
    if (count > 0)
        cede__list_each(link, &tasks->unfinished) {
            cede_task *task = cede__list_entry(link, cede_task, siblings);

            tree->nodes[tree->node_count++].task = task;
            if (!add_waiters(tree, &task->future, task, 0))
                return false;
        }
    qsort(tree->nodes, tree->node_count, sizeof *tree->nodes, by_number);
    if (tree->edge_count > 0)
        qsort(tree->edges, tree->edge_count, sizeof *tree->edges, by_waiter);
    link_nodes(tree);
    return true;
}

static void draw_node(struct tree *tree, struct node *node, size_t depth)
{
    enum { DEEPEST = 30 };
    char label[32], state[CEDE__LINE + 64];

    cede__task_tell_state(node->task, state, sizeof state);
    fprintf(tree->file, "%*s%s (T) %s %s(): %s%s\n",
            (int)(depth < DEEPEST ? depth : DEEPEST) * 4, "", "└──",
            cede__task_label(node->task, label, sizeof label),
            node->task->coroutine.name, state,
            node->open    ? " (awaits itself)"
            : node->shown ? " (shown above)"
                          : "");
}

/* The next task that the one of this step awaits, or NULL. */
static struct node *next_awaited(struct tree *tree, struct step *step)
{
    const cede_task *waiter = tree->nodes[step->node].task;
    struct node *awaited = NULL;

    while (!awaited && step->edge < tree->edge_count &&
           tree->edges[step->edge].waiter == waiter)
        awaited = find(tree, tree->edges[step->edge++].awaited);
    return awaited;
}

/* No recursion: a chain of tasks may be longer than a stack is deep. */
static void draw_from(struct tree *tree, struct node *root)
{
    size_t depth = 0;
    struct node *node = root;

    for (;;) {
        draw_node(tree, node, depth);
        if (!node->shown) {
            node->shown = node->open = true;
            tree->steps[depth++] =
                (struct step){(size_t)(node - tree->nodes), node->first_edge};
        }
        while ((node = next_awaited(tree, &tree->steps[depth - 1])) == NULL) {
            tree->nodes[tree->steps[depth - 1].node].open = false;
            if (--depth == 0)
                return;
        }
    }
}

static void draw(struct tree *tree)
{
    for (size_t i = 0; i < tree->node_count; i++)
        if (!tree->nodes[i].awaited)
            draw_from(tree, &tree->nodes[i]);
    /* What is left is awaited, but by nobody that could ever go on. */
    for (size_t i = 0; i < tree->node_count; i++)
        if (!tree->nodes[i].shown) {
            fprintf(tree->file, "These tasks await each other, in a circle:\n");
            draw_from(tree, &tree->nodes[i]);
        }
}

void cede_loop_print_task_tree(cede_loop *loop, FILE *file)
{
    struct tree tree = {.file = file ? file : stderr};

    if (!loop)
        loop = cede_get_running_loop();
    cede_check_alive(loop);
    cede__loop_check_thread(loop);
    flockfile(tree.file);
    if (build(&tree, loop->upper))
        draw(&tree);
    else
        fprintf(tree.file, "no memory for the tree of tasks\n");
    fflush(tree.file);
    funlockfile(tree.file);
    cede__free(tree.nodes);
    cede__free(tree.steps);
    cede__free(tree.edges);
}

void cede_print_task_tree(FILE *file)
{
    cede_loop_print_task_tree(NULL, file);
}
