/*
 * cede_with: the manager is entered once and left once, on every way out.
 */
#include "value/said.h"

#include "cede/exception.h"

/* What a manager does, and what it says while doing it. */
struct manager {
    cede_object head;
    const char *name;
    const cede_class *enter_raises;
    const cede_class *exit_raises;
    bool swallows;
};

static void enter(void *self)
{
    struct manager *manager = self;

    say("+%s ", manager->name);
    if (manager->enter_raises)
        cede_raise(manager->enter_raises, "from enter");
}

static bool leave(void *self, cede_exception *exception)
{
    struct manager *manager = self;

    say("-%s(%s) ", manager->name,
        exception ? cede_exception_name(exception) : "");
    if (manager->exit_raises)
        cede_raise(manager->exit_raises, "from exit");
    return manager->swallows;
}

static void destroy(void *self)
{
    say("~%s ", ((struct manager *)self)->name);
}

static const cede_manager_methods methods = {enter, leave};
static const cede_class manager_class[1] = {{
    .name = "Manager",
    .size = sizeof(struct manager),
    .destroy = destroy,
    .manager = &methods,
}};

static struct manager *manager(const char *name)
{
    struct manager *manager = cede_object_new(manager_class);

    manager->name = name;
    return manager;
}

static struct manager *swallower(const char *name)
{
    struct manager *made = manager(name);

    made->swallows = true;
    return made;
}

static struct manager *failing(const char *name, const cede_class *at_enter,
                               const cede_class *at_exit)
{
    struct manager *made = manager(name);

    made->enter_raises = at_enter;
    made->exit_raises = at_exit;
    return made;
}

/* ---- ways out ------------------------------------------------------------ */

enum way { FALL, BREAK, CONTINUE, GOTO, RETURN, RAISE, WAYS };

static int go(enum way way)
{
    for (volatile int turn = 0; turn < 2; turn++) {
        cede_with (m, manager("m")) {
            say("%s%d ", m->name, turn);
            if (way == BREAK)
                break;
            if (way == CONTINUE)
                continue;
            if (way == GOTO)
                goto out;
            if (way == RETURN)
                return 5;
            if (way == RAISE)
                cede_raise(cede_ValueError);
        } cede_end
        say(". ");
    }
    return 1;
out:
    return 2;
}

TEST(E13_left_once_on_every_way_out)
{
    for (enum way way = FALL; way < RAISE; way++) {
        int result = go(way);

        say("=%d|", result);
    }
    SAY_RAISED(go(RAISE));
    CHECK_SAID("+m m0 -m() ~m . +m m1 -m() ~m . =1|"
               "+m m0 -m() ~m =1|"
               "+m m0 -m() ~m +m m1 -m() ~m =1|"
               "+m m0 -m() ~m =2|"
               "+m m0 -m() ~m =5|"
               "+m m0 -m(ValueError) ~m ValueError: \n");
}

TEST(E12_exits_are_last_in_first_out)
{
    cede_with (a, manager("a")) {
        cede_with (b, manager("b")) {
            cede_with (c, manager("c")) {
                say("body ");
            } cede_end
        } cede_end
    } cede_end
    CHECK_SAID("+a +b +c body -c() ~c -b() ~b -a() ~a ");
}

static int nested_return(void)
{
    cede_with (a, manager("a")) {
        cede_with (b, manager("b")) {
            return 1;
        } cede_finally {
            say("f ");
        } cede_end
    } cede_end
    return 2;
}

TEST(E12_a_return_leaves_all)
{
    CHECK_INT(nested_return(), 1);
    CHECK_SAID("+a +b -b() f ~b -a() ~a ");
}

/* ---- swallowing ---------------------------------------------------------- */

TEST(E12_true_swallows)
{
    cede_with (m, swallower("m")) {
        cede_raise(cede_ValueError);
    } cede_except (cede_ValueError, e) {
        say("never ");
    } cede_else {
        say("else ");
    } cede_finally {
        say("finally ");
    } cede_end
    say("after");
    CHECK_SAID("+m -m(ValueError) else finally ~m after");
}

TEST(E12_true_without_an_exception_means_nothing)
{
    cede_with (m, swallower("m")) {
        say("body ");
    } cede_end
    CHECK_SAID("+m body -m() ~m ");
}

/* What follows a block whose manager swallows goes on as if nothing had been
   raised, whatever the last clause is. */
#define SWALLOWED(...)                                                         \
    do {                                                                       \
        const cede_impl_record *top = cede_impl_current->top;                  \
                                                                               \
        cede_with (m, swallower("m")) {                                        \
            if (raises)                                                        \
                cede_raise(cede_ValueError);                                   \
        }                                                                      \
        __VA_ARGS__ cede_end say("|");                                         \
        CHECK(cede_impl_current->top == top);                                  \
        CHECK(!cede_sys_exception());                                          \
    } while (0)
#define EXCEPT                                                                 \
    cede_except (cede_Exception) {                                             \
        say("x");                                                              \
    }
#define ELSE                                                                   \
    cede_else {                                                                \
        say("e");                                                              \
    }
#define FINALLY                                                                \
    cede_finally {                                                             \
        say("f");                                                              \
    }

static void swallow(bool raises)
{
    SWALLOWED();
    SWALLOWED(EXCEPT);
    SWALLOWED(ELSE);
    SWALLOWED(FINALLY);
    SWALLOWED(EXCEPT ELSE);
    SWALLOWED(EXCEPT FINALLY);
    SWALLOWED(ELSE FINALLY);
    SWALLOWED(EXCEPT ELSE FINALLY);
}

TEST(E12_swallowed_before_every_set_of_clauses)
{
    swallow(false);
    say("\n");
    swallow(true);
    CHECK_SAID("+m -m() ~m |+m -m() ~m |+m -m() e~m |+m -m() f~m |"
               "+m -m() e~m |+m -m() f~m |+m -m() ef~m |+m -m() ef~m |\n"
               "+m -m(ValueError) ~m |+m -m(ValueError) ~m |"
               "+m -m(ValueError) e~m |+m -m(ValueError) f~m |"
               "+m -m(ValueError) e~m |+m -m(ValueError) f~m |"
               "+m -m(ValueError) ef~m |+m -m(ValueError) ef~m |");
}

TEST(E12_outer_managers_hear_nothing_of_what_was_swallowed)
{
    cede_with (outer, manager("o")) {
        cede_with (inner, swallower("i")) {
            cede_raise(cede_ValueError);
        } cede_end
        say("on ");
    } cede_end
    CHECK_SAID("+o +i -i(ValueError) ~i on -o() ~o ");
}

/* ---- clauses of its own -------------------------------------------------- */

TEST(the_manager_is_left_before_its_except)
{
    cede_with (m, manager("m")) {
        cede_raise(cede_ValueError);
    } cede_except (cede_ValueError, e) {
        say("except %s ", m->name); /* still there */
    } cede_finally {
        say("finally %s ", m->name);
    } cede_end
    CHECK_SAID("+m -m(ValueError) except m finally m ~m ");
}

/* ---- enter raises -------------------------------------------------------- */

TEST(a_manager_that_was_not_entered_is_not_left)
{
    SAY_RAISED(cede_with (m, failing("m", cede_KeyError, NULL)) {
        say("never ");
    } cede_except (cede_KeyError, e) {
        say("never ");
    } cede_finally {
        say("never ");
    } cede_end);
    CHECK_SAID("+m ~m KeyError: 'from enter'\n");
}

static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(cede_object)}};

TEST(what_is_no_manager)
{
    SAY_RAISED(cede_with (m, cede_object_new(plain_class)) {
        say("never ");
    } cede_end);
    SAY_RAISED(cede_with (m, (cede_object *)NULL) {
        say("never ");
    } cede_end);
    CHECK_SAID("TypeError: 'Plain' object does not support the context "
               "manager protocol: its class needs cede_manager_methods\n"
               "TypeError: 'NULL' object does not support the context "
               "manager protocol: its class needs cede_manager_methods\n");
}

static bool leave_only(void *self, cede_exception *exception)
{
    (void)self;
    say(exception ? "left by one" : "left");
    return false;
}

static const cede_manager_methods leaving = {NULL, leave_only};
static const cede_class leaver_class[1] = {{
    .name = "Leaver", .size = sizeof(cede_object), .manager = &leaving}};

TEST(enter_may_be_left_out)
{
    cede_with (m, cede_object_new(leaver_class)) {
    } cede_end
    CHECK_SAID("left");
}

/* ---- exit raises --------------------------------------------------------- */

TEST(E12_what_exit_raises_replaces)
{
    cede_try {
        cede_with (m, failing("m", NULL, cede_KeyError)) {
            cede_raise(cede_ValueError, "body");
        } cede_end
    } cede_except (cede_KeyError, e) {
        say_exception(cede_exception_context(e));
    } cede_end
    CHECK_SAID("+m -m(ValueError) ~m ValueError('body')");
}

static int exit_raises(enum way way)
{
    for (;;) {
        cede_with (m, failing("m", NULL, cede_KeyError)) {
            if (way == RETURN)
                return 1;
            if (way == BREAK)
                break;
            if (way == GOTO)
                goto out;
            if (way == RAISE)
                cede_raise(cede_ValueError);
        } cede_except (cede_KeyError, e) {
            say("heard%s ", cede_exception_context(e) ? "+" : "");
            return 2;
        } cede_else {
            say("never ");
        } cede_finally {
            say("finally ");
        } cede_end
    }
out:
    return 3;
}

TEST(its_own_except_hears_what_exit_raises)
{
    static const enum way ways[] = {FALL, RETURN, BREAK, GOTO, RAISE};

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        int result = exit_raises(ways[i]);

        say("=%d|", result);
    }
    CHECK_SAID("+m -m() heard finally ~m =2|"
               "+m -m() heard finally ~m =2|"
               "+m -m() heard finally ~m =2|"
               "+m -m() heard finally ~m =2|"
               "+m -m(ValueError) heard+ finally ~m =2|");
}

TEST(an_outer_manager_hears_what_exit_raises)
{
    cede_with (o, swallower("o")) {
        cede_with (i, failing("i", NULL, cede_KeyError)) {
            cede_raise(cede_ValueError);
        } cede_end
    } cede_end
    CHECK_SAID("+o +i -i(ValueError) ~i -o(KeyError) ~o ");
}

/* Handled inside exit: that neither ends the passing one nor stays handled. */
static bool leave_busily(void *self, cede_exception *exception)
{
    (void)self;
    cede_try {
        cede_raise(cede_IndexError);
    } cede_except (cede_IndexError, e) {
        say(cede_exception_context(e) == exception ? "context " : "wrong ");
    } cede_end
    return false;
}

static const cede_manager_methods busy = {NULL, leave_busily};
static const cede_class busy_class[1] = {
    {.name = "Busy", .size = sizeof(cede_object), .manager = &busy}};

TEST(exit_may_raise_and_handle)
{
    SAY_RAISED(cede_with (m, cede_object_new(busy_class)) {
        cede_raise(cede_ValueError, "passes");
    } cede_end);
    CHECK_SAID("context ValueError: passes\n");
    cede_with (m, cede_object_new(busy_class)) {
    } cede_end
    SAY_RAISED(cede_reraise());
    CHECK_SAID("context RuntimeError: No active exception to reraise\n");
}

/* ---- references ---------------------------------------------------------- */

TEST(takes_the_reference_of_its_manager)
{
    struct manager *m = manager("m");

    cede_with (same, cede_ref(m)) {
        CHECK_PTR(same, m);
    } cede_end
    say("still %s ", m->name);
    cede_unref(m);
    CHECK_SAID("+m -m() still m ~m ");
}

TEST(the_manager_is_evaluated_once)
{
    int count = 0;

    cede_with (m, (count++, manager("m"))) {
    } cede_end
    CHECK_INT(count, 1);
}
