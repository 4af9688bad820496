/* The Fibonacci numbers below a limit: each loop over them begins anew. */
#include <cede.h>

struct fibonacci {
    cede_object head;
    int64_t limit;
};

struct position {
    cede_object head;
    int64_t limit, now, next;
};

static bool position_next(void *self, cede_value *item)
{
    struct position *it = self;
    int64_t now = it->now;

    if (now >= it->limit)
        return false;
    *item = cede_int(now);
    it->now = it->next;
    it->next += now;
    return true;
}

static const cede_iterator_methods position_methods = {.next = position_next};
static CEDE_CLASS(Position, struct position, .iterator = &position_methods);

static void *fibonacci_iter(void *self)
{
    struct fibonacci *numbers = self;

    return cede_object_with(
        Position, (struct position){.limit = numbers->limit, .next = 1});
}

static const cede_iterator_methods fibonacci_methods = {.iter = fibonacci_iter};
static CEDE_CLASS(Fibonacci, struct fibonacci, .iterator = &fibonacci_methods);

static void *fibonacci_below(int64_t limit)
{
    return cede_object_with(Fibonacci, (struct fibonacci){.limit = limit});
}

int main(void)
{
    cede_own (numbers, fibonacci_below(50));

    cede_for (a, cede_ref(numbers))
        cede_print_end(" ", a);
    cede_print();
    cede_for (a, cede_ref(numbers)) {
        cede_for (b, cede_ref(numbers)) {
            if (cede_value_int(a) * cede_value_int(b) == 42)
                cede_print(a, "*", b, "= 42");
        }
    }
}
