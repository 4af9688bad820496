#!/usr/bin/env python3
"""Random programs of try, with, defer and generators, in C and in Python.

Each seed makes one program, written down twice: in C with cede's statements
and in Python with its own. Both say what they do; the C program, built by each
compiler and set of flags asked for, must say exactly what Python says. So the
generator needs no idea of what is right.

The C side obeys cede's rules (cede/try.h: locals that are kept, what a finally
clause may not do) and is built to hurt: many values alive across every
statement, results of every kind returned through finally clauses, calls with
arguments on the stack, arrays of variable length, jumps out of statements.

Python has no goto. A labelled block is a loop of one turn there, and a jump
out of inner loops is a number in s.jump that each loop on the way passes on.
A finally clause that is fallen through gives the number back; who catches an
exception sets it to 0, for the jump that the exception overtook is off.

    flow_fuzz.py --library libcede-coro.a --include include \\
        --build "gcc -O0" --build "gcc -O2" --seed 1 --count 20

--wild also leaves forms inside finally clauses early, which clang's rule
forbids; --tame has no cede_for there either, which clang cannot have without
optimization. --careless keeps no local, to see what compilers make of that.
"""

import argparse
import os
import random
import shlex
import subprocess
import sys
import tempfile

PRELUDE_C = r"""
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cede/generator.h"
#include "cede/memory.h"

/* Blocks of memory that are alive. */
static long blocks;
static void *allocate(void *context, size_t size)
{
    blocks++;
    return malloc(size);
}
static void *reallocate(void *context, void *block, size_t size)
{
    return realloc(block, size);
}
static void release(void *context, void *block)
{
    blocks--;
    free(block);
}

static int fuel = 3000;
static void say(const char *tag, long n) { printf("%s %ld\n", tag, n); }
static void said_double(const char *tag, double d) { say(tag, (long)(d * 2)); }

CEDE_EXCEPTION(Err0, cede_Exception);
CEDE_EXCEPTION(Err1, Err0);
CEDE_EXCEPTION(Err2, cede_Exception);

struct pair { double a; long b; };     /* xmm0 and rax */
struct two { long a, b; };             /* rax and rdx */
struct doubles { double a, b; };       /* xmm0 and xmm1 */
struct bytes { char bytes[5]; };       /* the low bytes of rax */
struct medium { long a; int b[3]; };   /* by a hidden pointer */
struct large { long words[20]; };

static double id_double(double d) { return d; }
static long id_long(long n) { return n; }
static long many(long a, long b, long c, long d, long e, long f, long g,
                 long h, double i)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + (long)i;
}
static double (*volatile to_double)(double) = id_double;
static long (*volatile to_long)(long) = id_long;
static long (*volatile of_many)(long, long, long, long, long, long, long, long,
                                double) = many;

static struct pair make_pair(long n) { return (struct pair){n * 0.5, n}; }
static struct two make_two(long n) { return (struct two){n, n + 1}; }
static struct doubles make_doubles(long n)
{
    return (struct doubles){n * 0.5, n * 1.5};
}
static struct bytes make_bytes(long n)
{
    return (struct bytes){{n & 7, 1, n >> 3 & 7, 2, n >> 6 & 7}};
}
static struct medium make_medium(long n)
{
    return (struct medium){n, {1, (int)n, 3}};
}
static struct large make_large(long n)
{
    struct large large;

    for (int i = 0; i < 20; i++)
        large.words[i] = n + i;
    return large;
}
static long sum_pair(struct pair p) { return (long)(p.a * 2) + p.b; }
static long sum_two(struct two t) { return t.a + t.b; }
static long sum_doubles(struct doubles d) { return (long)(d.a * 2 + d.b * 2); }
static long sum_bytes(struct bytes b)
{
    return b.bytes[0] + b.bytes[1] + b.bytes[2] + b.bytes[3] + b.bytes[4];
}
static long sum_medium(struct medium m)
{
    return m.a + m.b[0] + m.b[1] + m.b[2];
}
static long sum_extended(long double d) { return (long)(d * 2); }
static long sum_large(struct large l)
{
    long sum = 0;

    for (int i = 0; i < 20; i++)
        sum += l.words[i];
    return sum;
}
static long sum_double(double d) { return (long)(d * 2); }
static long sum_long(long n) { return n; }

static void say_caught(const char *tag, cede_exception *e)
{
    printf("%s", tag);
    for (; e; e = cede_exception_context(e))
        printf(" %s", cede_exception_name(e));
    printf("\n");
}

__attribute__((noinline)) static void fill(char *bytes, long n)
{
    for (long i = 0; i < n; i++)
        bytes[i] = (char)(n + i);
}
__attribute__((noinline)) static long filled(const char *bytes, long n)
{
    long wrong = 0;

    for (long i = 0; i < n; i++)
        wrong += bytes[i] != (char)(n + i);
    return wrong;
}

static void drop(long *n) { say("auto", *n); }
static void deferred(void *n)
{
    say("defer", (long)(intptr_t)n);
    if ((intptr_t)n % 11 == 0)
        cede_raise(Err2, "deferred");
}

struct manager { cede_object head; long n; };
static void enter(void *self)
{
    struct manager *m = self;

    say("enter", m->n);
    if (m->n % 13 == 0)
        cede_raise(Err2, "enter");
}
static bool leave(void *self, cede_exception *e)
{
    struct manager *m = self;

    say_caught("exit", e);
    if (m->n % 7 == 0)
        cede_raise(Err1, "exit");
    return m->n % 3 == 0;
}
static const cede_manager_methods manager_methods = {enter, leave};
static const cede_class manager_class[1] = {{
    .name = "manager", .size = sizeof(struct manager),
    .manager = &manager_methods}};
static struct manager *manager(long n)
{
    struct manager *m = cede_object_new(manager_class);

    m->n = n;
    return m;
}

static long got(cede_value v)
{
    return cede_is_none(v) ? -1 : cede_value_int(v);
}

enum op { NEXT, SEND, THROW0, THROW1, CLOSE };
static void drive(cede_generator *g, enum op op, long n)
{
    cede_try {
        switch (op) {
        case NEXT: say("next", got(cede_next(g))); break;
        case SEND: say("send", got(cede_generator_send(g, n))); break;
        case THROW0: say("throw", got(cede_generator_throw(g, Err0))); break;
        case THROW1: say("throw", got(cede_generator_throw(g, Err1))); break;
        case CLOSE: cede_generator_close(g); say("close", 0); break;
        }
    } cede_except (cede_StopIteration, e) {
        say("stop", got(cede_exception_value(e)));
    } cede_except (cede_BaseException, e) {
        say_caught("drive", e);
    } cede_end
}
"""

PRELUDE_PY = r"""
from operator import methodcaller
close = methodcaller('close')
fuel = [3000]
def say(tag, n): out.append('%s %d' % (tag, n))
class Err0(Exception): pass
class Err1(Err0): pass
class Err2(Exception): pass
def of_many(a, b, c, d, e, f, g, h, i):
    return a+2*b+3*c+4*d+5*e+6*f+7*g+8*h+int(i)
def sum_pair(n): return n + n
def sum_two(n): return n + n + 1
def sum_doubles(n): return 4 * n
def sum_bytes(n): return (n & 7) + 1 + (n >> 3 & 7) + 2 + (n >> 6 & 7)
def sum_medium(n): return n + 1 + n + 3
def sum_extended(n): return n
def sum_large(n): return 20 * n + 190
def sum_double(n): return n
def sum_long(n): return n
def say_caught(tag, e):
    names = ''
    while e is not None: names += ' ' + type(e).__name__; e = e.__context__
    out.append(tag + names)
def drop(n): say('auto', n)
def deferred(n):
    say('defer', n)
    if n % 11 == 0: raise Err2('deferred')
class manager:
    def __init__(self, n): self.n = n
    def __enter__(self):
        say('enter', self.n)
        if self.n % 13 == 0: raise Err2('enter')
    def __exit__(self, t, e, tb):
        say_caught('exit', e)
        if self.n % 7 == 0: raise Err1('exit')
        return self.n % 3 == 0
def got(v): return -1 if v is None else v
def drive(g, op, n):
    try:
        if op == 'NEXT': say('next', got(next(g)))
        elif op == 'SEND': say('send', got(g.send(n)))
        elif op == 'THROW0': say('throw', got(g.throw(Err0())))
        elif op == 'THROW1': say('throw', got(g.throw(Err1())))
        else: g.close(); say('close', 0)
    except StopIteration as e: say('stop', got(e.value))
    except BaseException as e: say_caught('drive', e)
class S: pass
"""

RETURNS = {
    "long": ("long", "{}", "sum_long"),
    "double": ("double", "({}) * 0.5", "sum_double"),
    "pair": ("struct pair", "make_pair({})", "sum_pair"),
    "pair_literal": ("struct pair", "(struct pair){{({0}) * 0.5, {0}}}",
                     "sum_pair"),
    "two": ("struct two", "make_two({})", "sum_two"),
    "doubles": ("struct doubles", "make_doubles({})", "sum_doubles"),
    "bytes": ("struct bytes", "make_bytes({})", "sum_bytes"),
    "medium": ("struct medium", "make_medium({})", "sum_medium"),
    "large": ("struct large", "make_large({})", "sum_large"),
    "extended": ("long double", "({}) * 0.5L", "sum_extended"),
}
CLASSES = ["Err0", "Err1", "Err2", "Exception", "BaseException"]


def c_class(name):
    return "cede_" + name if name.endswith("Exception") else name


class Target:
    """A loop or a labelled block that statements inside may jump out of. In
    Python both are loops; `outer` is the one around."""

    def __init__(self, number, outer, label):
        self.number, self.outer, self.label = number, outer, label
        self.passing = set()  # (target, how) of jumps that come through here

    def code(self, how):
        return 2 * self.number + (how == "continue")


class Place:
    """Where a statement stands: what may be said there."""

    def __init__(self, **facts):
        self.handler = self.in_finally = False
        self.loop = None      # the loop that break and continue act on
        self.labels = ()      # the labelled blocks that goto may leave
        self.target = None    # the innermost loop of Python's
        self.exits = True     # return is possible
        self.returns = True   # and nothing may take it back
        self.mine = ()        # locals that may be assigned
        self.depth = 0
        self.__dict__.update(facts)

    def inside(self, **facts):
        return Place(**{**self.__dict__, "depth": self.depth + 1, **facts})

    def form(self, wild, quiet=False, **facts):
        """In a finally clause, a form inside it may not be left early (clang),
        or left by a return that another clause of it may take back (all);
        quiet: there is no such clause."""
        if self.in_finally and not wild:
            facts.update(loop=None, labels=(), exits=False)
        elif self.in_finally and not quiet:
            facts.update(returns=False)
        return self.inside(**facts)


class Function:
    def __init__(self, index, generator, rnd, options, functions):
        self.index, self.generator, self.rnd = index, generator, rnd
        self.options, self.functions = options, functions
        self.name = ("g" if generator else "f") + str(index)
        self.returns = "value" if generator else rnd.choice(list(RETURNS))
        self.c, self.py = [], []
        self.level = {"c": 1, "py": 1}
        self.serial = self.statements = 0
        self.calls = 0
        self.targets = 0
        self.write()

    # -- writing down

    def put_c(self, text):
        self.c.append("    " * self.level["c"] + text)

    def put_py(self, text):
        self.py.append(" " * self.level["py"] + text)

    def open(self, c, py):
        self.put_c(c)
        self.put_py(py)
        self.level["c"] += 1
        self.level["py"] += 1

    def close(self, c="}"):
        self.put_py("pass")
        self.level["c"] -= 1
        self.level["py"] -= 1
        if c:
            self.put_c(c)

    def fresh(self, stem):
        self.serial += 1
        return "%s%d" % (stem, self.serial)

    def both(self, c, py=None):
        self.put_c(c + ";")
        self.put_py(c if py is None else py)

    # -- expressions: the same text in both, state variables apart

    def state(self):
        name = self.rnd.choice("abc")
        return name, "s." + name

    def expression(self):
        c, py = self.state()
        number = self.rnd.randint(1, 97)
        return "(%s * 3 + %d + k) %% 997" % (c, number), \
               "(%s * 3 + %d + k) %% 997" % (py, number)

    def condition(self):
        c, py = self.state()
        modulus = self.rnd.randint(2, 3)
        rest = self.rnd.randrange(modulus)
        return "(%s + k) %% %d == %d" % (c, modulus, rest), \
               "(%s + k) %% %d == %d" % (py, modulus, rest)

    # -- statements

    def form(self, place, quiet=False, **facts):
        return place.form(self.options.wild, quiet, **facts)

    def fall(self):
        """Python gets here by falling only: no jump is underway."""
        self.put_py("s.jump = 0")

    def jump(self, place, target, how):
        """break or continue of a loop, or a goto to a label."""
        c = "goto L%d" % target.number if target.label else how
        self.put_c(c + ";")
        here = place.target
        self.put_py("s.jump = %d" % (0 if here is target
                                     else target.code(how)))
        self.put_py(how if here is target else "break")
        while here is not target:
            here.passing.add((target, how))
            here = here.outer

    def pass_on(self, target):
        """Behind a loop of Python's: jumps that only came through it."""
        outer = target.outer
        for how in ("break", "continue"):
            if (outer, how) in target.passing:
                self.put_py("if s.jump == %d:" % outer.code(how))
                self.put_py(" s.jump = 0")
                self.put_py(" " + how)
        if any(to is not outer for to, _ in target.passing):
            self.put_py("if s.jump: break")

    def new_target(self, place, label=False):
        self.targets += 1
        return Target(self.targets, place.target, label)

    def block(self, place):
        """Statements with locals of their own, used again at the end."""
        rnd = self.rnd
        doubles = [self.fresh("d") for _ in range(rnd.randrange(5))]
        longs = [self.fresh("n") for _ in range(rnd.randrange(5))]
        for name in doubles + longs:
            number = rnd.randint(1, 9)
            kind = "double" if name in doubles else "long"
            value = "%d %s k" % (number, "+" if name in doubles else "*")
            self.put_c("%s %s = to_%s(%s);" % (kind, name, kind, value))
            self.put_py("%s = %s" % (name, value))
        changing = rnd.sample(longs, len(longs) // 2)
        for name in changing:
            self.put_c("cede_keep(%s);" % name)
        array = None
        if rnd.random() < 0.1:
            array = self.fresh("bytes")
            self.put_c("char %s[(k & 7) * %d + 1];" %
                       (array, rnd.randint(1, 40)))
            self.put_c("fill(%s, (long)sizeof %s);" % (array, array))
        inside = place.inside(depth=place.depth,
                              mine=place.mine + tuple(changing))
        for _ in range(rnd.randint(1, 3)):
            if not self.statement(inside):
                break
        else:
            names = doubles + longs
            if array:
                self.both('say("array", filled(%s, (long)sizeof %s))' %
                          (array, array), "say('array', 0)")
            if names:
                total = " + ".join("%s * %d" % (name, rnd.randint(1, 5))
                                   for name in names)
                if doubles:
                    self.put_c('said_double("sum", %s);' % total)
                    self.put_py("say('sum', int((%s) * 2))" % total)
                else:
                    self.put_c('say("sum", %s);' % total)
                    self.put_py("say('sum', %s)" % total)

    def statement(self, place):
        """False: what follows cannot be reached."""
        rnd = self.rnd
        simple = [self.say, self.assign, self.raise_, self.many_arguments]
        nested = [self.try_, self.try_, self.try_, self.if_, self.loop,
                  self.labelled, self.with_, self.defer, self.auto]
        if place.exits or place.loop or place.labels:
            simple += [self.leave, self.leave]
        if place.handler:
            simple += [self.reraise]
        if self.generator and (not place.in_finally or
                               rnd.random() < 0.1):
            simple += [self.yield_, self.yield_]
            # CPython does not see what a delegator handles while somebody
            # throws into its sub-generator; cede does.
            if not place.handler and not place.in_finally:
                nested += [self.yield_from]
        if self.calls < 2 and self.functions:
            nested += [self.call]
            if not (self.options.tame and place.in_finally):
                nested += [self.for_]
        self.statements += 1
        deep = place.depth >= 5 or self.statements > self.options.statements
        chosen = simple if deep or rnd.random() < 0.4 else nested
        return rnd.choice(chosen)(place) is not False

    def say(self, place):
        c, py = self.expression()
        tag = self.fresh("s")
        self.both('say("%s", %s)' % (tag, c), "say('%s', %s)" % (tag, py))

    def assign(self, place):
        name_c, name_py = self.state()
        if place.mine and self.rnd.random() < 0.5:
            name_c = name_py = self.rnd.choice(place.mine)
        c, py = self.expression()
        self.both("%s = %s" % (name_c, c), "%s = %s" % (name_py, py))

    def many_arguments(self, place):
        name_c, name_py = self.state()
        c, py = self.expression()
        call = "of_many(%s, 1, 2, 3, 4, k, 6, 7, 2.5) %% 997"
        self.both("%s = %s" % (name_c, call % c),
                  "%s = %s" % (name_py, call % py))

    def maybe(self, place):
        """Opens an if around what follows, most of the time."""
        if self.rnd.random() < 0.2:
            return False
        c, py = self.condition()
        self.open("if (%s) {" % c, "if %s:" % py)
        return True

    def raise_(self, place):
        conditional = self.maybe(place)
        name = self.rnd.choice(CLASSES[:3])
        how = self.rnd.randrange(3)
        if how == 0:
            self.both('cede_raise(%s)' % name, "raise %s" % name)
        elif how == 1:
            self.both('cede_raise(%s, "n %%d", k)' % name,
                      "raise %s('n')" % name)
        else:
            self.both('cede_raise_from(%s, NULL, "from")' % name,
                      "raise %s('from') from None" % name)
        if conditional:
            self.close()
        return conditional

    def reraise(self, place):
        conditional = self.maybe(place)
        self.both("cede_reraise()", "raise")
        if conditional:
            self.close()
        return conditional

    def leave(self, place):
        conditional = self.maybe(place)
        ways = []
        if place.exits and (place.returns or not place.in_finally):
            ways += ["return", "return"]
        if place.loop:
            ways += ["break", "continue"]
        if place.labels:
            ways += ["goto", "goto"]
        if not ways:
            self.say(place)
            if conditional:
                self.close()
            return True
        way = self.rnd.choice(ways)
        if way == "return":
            self.return_()
        elif way == "goto":
            self.jump(place, self.rnd.choice(place.labels), "break")
        else:
            self.jump(place, place.loop, way)
        if conditional:
            self.close()
        return conditional

    def return_(self):
        c, py = self.expression()
        if self.generator:
            self.both("return cede_int(%s)" % c, "return " + py)
        else:
            self.both("return " + RETURNS[self.returns][1].format(c),
                      "return " + py)

    def if_(self, place):
        c, py = self.condition()
        self.open("if (%s) {" % c, "if %s:" % py)
        self.block(place.inside())
        self.close(None)
        if self.rnd.random() < 0.5:
            self.open("} else {", "else:")
            self.block(place.inside())
            self.close(None)
        self.put_c("}")

    def loop(self, place):
        name = self.fresh("i")
        count = self.rnd.randint(1, 3)
        target = self.new_target(place)
        self.open("for (int %s = 0; %s < %d; %s++) {" %
                  (name, name, count, name),
                  "for %s in range(%d):" % (name, count))
        self.both('say("%s", %s)' % (name, name))
        self.block(place.inside(loop=target, target=target))
        self.close()
        self.pass_on(target)

    def labelled(self, place):
        """A block with a label at its end."""
        target = self.new_target(place, label=True)
        self.open("{", "while 1:")
        self.open("{", "if 1:")
        self.block(place.inside(labels=place.labels + (target,),
                                target=target))
        self.close()
        self.put_c("L%d:;" % target.number)
        self.put_py("break")
        self.close()
        self.pass_on(target)

    def group_clause(self, place, name):
        """except*: what it raises is said; it may be left by no other way."""
        self.open("} cede_except_group (%s, e) {" % c_class(name),
                  "except* %s as e:" % name)
        self.fall()
        self.both('say_caught("group", e)')
        self.block(self.form(place, loop=None, labels=(), exits=False,
                             handler=False))
        self.close(None)

    def except_clause(self, place, names, quiet):
        rnd = self.rnd
        if len(names) > 1:
            c = "(%s)" % ", ".join(map(c_class, names))
            py = "(%s)" % ", ".join(names)
        else:
            c, py = c_class(names[0]), names[0]
        if rnd.random() < 0.2:
            self.open("} cede_except (%s) {" % c, "except %s:" % py)
            self.fall()
        else:
            self.open("} cede_except (%s, e) {" % c, "except %s as e:" % py)
            self.fall()
            self.both('say_caught("except", e)')
        self.block(self.form(place, quiet, handler=True))
        self.close(None)

    def clauses(self, place, has_finally, quiet=False):
        """Everything behind the body of a form; at least one of them."""
        rnd = self.rnd
        names = rnd.sample(CLASSES, rnd.randint(1 if quiet else 0, 2))
        if names and rnd.random() < 0.1 and sys.version_info >= (3, 11):
            for name in names:
                self.group_clause(place, name)
        else:
            for name in names:
                more = [name]
                if rnd.random() < 0.2:
                    more += rnd.sample(CLASSES, 2)
                self.except_clause(place, more, quiet)
        if names and rnd.random() < 0.4:
            self.open("} cede_else {", "else:")
            self.block(self.form(place, quiet))
            self.close(None)
        if has_finally or not names:
            self.open("} cede_finally {", "finally:")
            before = self.fresh("jump")
            self.put_py("%s = s.jump" % before)
            facts = dict(in_finally=True, handler=False)
            if rnd.random() < 0.6:
                facts.update(exits=False, loop=None, labels=())
            self.block(self.form(place, **facts))
            self.put_py("s.jump = %s" % before)
            self.close(None)
        self.put_c("} cede_end")

    def try_(self, place):
        """Sometimes in a branch without braces."""
        bare = self.rnd.random() < 0.2
        if bare:
            c, py = self.condition()
            self.put_c("if (%s)" % c)
            self.put_py("if %s:" % py)
            self.level["py"] += 1
        has_finally = self.rnd.random() < 0.7
        quiet = not has_finally and self.rnd.random() < 0.7
        self.open("cede_try {", "try:")
        self.block(self.form(place, quiet))
        self.close(None)
        self.clauses(place, has_finally, quiet)
        if bare:
            self.level["py"] -= 1
            self.put_c("else")
            self.put_c('    say("else", 0);')
            self.put_py("else: say('else', 0)")

    def with_(self, place):
        name = self.fresh("m")
        number = self.rnd.randint(1, 30)
        with_clauses = self.rnd.random() < 0.5
        if with_clauses: # the clauses hear of what enter raises in Python
            number += 1 if number % 13 == 0 else 0
            self.put_py("try:")
            self.level["py"] += 1
        self.open("cede_with (%s, manager(%d)) {" % (name, number),
                  "with manager(%d):" % number)
        self.block(self.form(place))
        self.close(None)
        self.fall()
        if with_clauses:
            self.level["py"] -= 1
            self.clauses(place, self.rnd.random() < 0.7)
        else:
            self.put_c("} cede_end")

    def defer(self, place):
        """In Python the rest of the block stands in a try with a finally."""
        number = self.rnd.randint(1, 40)
        self.open("{", "if 1:")
        self.put_c("cede_defer(deferred, (void *)(intptr_t)%d);" % number)
        self.put_py("try:")
        self.level["py"] += 1
        self.block(self.form(place))
        self.put_py("pass")
        self.level["py"] -= 1
        self.put_py("finally: deferred(%d)" % number)
        self.close()

    def auto(self, place):
        name = self.fresh("auto")
        number = self.rnd.randint(1, 40)
        self.open("{", "if 1:")
        self.put_c("cede_auto (long, %s, drop) = to_long(%d);" %
                   (name, number))
        self.put_py("%s = %d" % (name, number))
        self.put_py("try:")
        self.level["py"] += 1
        self.put_c("%s++;" % name)
        self.put_py("%s += 1" % name)
        self.block(self.form(place))
        self.put_py("pass")
        self.level["py"] -= 1
        self.put_py("finally: drop(%s)" % name)
        self.close()

    def call(self, place):
        callee = self.rnd.choice(self.functions)
        self.calls += 1
        self.open("if (--fuel > 0) {", "fuel[0] -= 1\n" +
                  " " * self.level["py"] + "if fuel[0] > 0:")
        shift = self.rnd.randint(1, 5)
        if callee.generator:
            self.drive(callee, shift)
        else:
            total = RETURNS[callee.returns][2]
            self.both('say("call", %s(%s(k + %d)))' %
                      (total, callee.name, shift))
        self.close()

    def drive(self, callee, shift):
        name = self.fresh("driven")
        self.put_c("cede_generator *%s = cede_generator_with(%s, "
                   "(long)(k + %d));" % (name, callee.name, shift))
        self.put_c("cede_defer(cede_unref, %s);" % name)
        self.put_py("%s = %s(k + %d)" % (name, callee.name, shift))
        for _ in range(self.rnd.randint(1, 6)):
            op = self.rnd.choice(["NEXT", "NEXT", "NEXT", "SEND", "THROW0",
                                  "THROW1", "CLOSE"])
            number = self.rnd.randint(1, 9)
            self.put_c("drive(%s, %s, %d);" % (name, op, number))
            self.put_py("drive(%s, '%s', %d)" % (name, op, number))
        self.put_py("del " + name)

    def for_(self, place):
        callees = [f for f in self.functions if f.generator]
        if not callees:
            return self.call(place)
        callee = self.rnd.choice(callees)
        name = self.fresh("v")
        self.calls += 1
        self.open("if (--fuel > 0) {", "fuel[0] -= 1\n" +
                  " " * self.level["py"] + "if fuel[0] > 0:")
        # No frame may keep the generator: tracebacks keep frames, and then
        # it would end when the garbage collector likes.
        self.put_py("it%s = [%s(k + 1)]" % (name, callee.name))
        self.put_py("try:")
        self.level["py"] += 1
        target = self.new_target(place)
        form = self.rnd.choice(["cede_for", "cede_for", "cede_for_else"])
        self.open("%s (%s, cede_generator_with(%s, (long)(k + 1))) {" %
                  (form, name, callee.name),
                  "for %s in it%s[0]:" % (name, name))
        self.both('say("for", got(%s))' % name)
        inside = self.form(place, target=target)
        if self.options.wild or not place.in_finally:
            inside.loop = target
        self.block(inside)
        if form == "cede_for":
            self.close()
        else:
            self.close(None)
            self.open("} cede_else {", "else:")
            self.block(self.form(place))
            self.close("} cede_end")
        self.pass_on(target)
        self.level["py"] -= 1
        self.put_py("finally: close(it%s.pop())" % name)
        self.close()

    def yield_(self, place):
        c, py = self.expression()
        self.both('say("sent", got(cede_yield(%s)))' % c,
                  "say('sent', got((yield %s)))" % py)

    def yield_from(self, place):
        callees = [f for f in self.functions if f.generator]
        if not callees or self.calls >= 2:
            return self.yield_(place)
        callee = self.rnd.choice(callees)
        self.calls += 1
        self.open("if (--fuel > 0) {", "fuel[0] -= 1\n" +
                  " " * self.level["py"] + "if fuel[0] > 0:")
        self.both('say("from", got(cede_yield_from(cede_generator_with(%s, '
                  '(long)(k + 2)))))' % callee.name,
                  "say('from', got((yield from %s(k + 2))))" % callee.name)
        self.close()

    # -- the whole

    def write(self):
        self.put_py("yield 0") if self.generator else None
        self.put_c("cede_yield(0);") if self.generator else None
        while self.statements < self.options.statements // 2:
            self.labelled(Place())
        self.return_()

    def text_c(self):
        declare = ["    volatile long a = k % 7;",
                   "    long b = 3, c = 5;",
                   "    cede_keep(b);",
                   "    cede_keep(c);"]
        if self.options.careless:
            declare = ["    long a = k % 7, b = 3, c = 5;"]
        if self.generator:
            head = ["static cede_value %s(void *arg)" % self.name, "{",
                    "    long k = *(long *)arg;"]
        else:
            head = ["static __attribute__((noinline)) %s %s(long k)" %
                    (RETURNS[self.returns][0], self.name), "{"]
        body = self.c
        if self.options.careless:
            body = [line for line in body if "cede_keep" not in line]
        return "\n".join(head + declare + body + ["}", ""])

    def text_py(self):
        state = " s = S(); s.a = k % 7; s.b = 3; s.c = 5; s.jump = 0"
        return "\n".join(["def %s(k):" % self.name, state] + self.py + [""])


def make_program(seed, options):
    rnd = random.Random(seed)
    functions = []
    for index in range(options.functions):
        functions.append(Function(index, rnd.random() < 0.4, rnd, options,
                                  functions[-6:]))
    c = [PRELUDE_C]
    py = [PRELUDE_PY]
    main_c, main_py = ["int main(void)", "{",
                       "    cede_set_allocator(&(cede_allocator){",
                       "        allocate, reallocate, release, NULL});"], []
    for function in functions:
        c.append(function.text_c())
        py.append(function.text_py())
        for k in range(options.rounds):
            main_c.append('    say("== %s", %d);' % (function.name, k))
            main_py.append("say('== %s', %d)" % (function.name, k))
            # Twice, because the first time may fill a cache.
            main_c.append("    for (int again = 0; again < 2; again++) {")
            main_c.append("        long before = blocks;")
            main_c.append("        fuel = 300;")
            main_py.append("for again in range(2):")
            main_py.append(" fuel[0] = 300")
            if function.generator:
                ops = [rnd.choice(["NEXT", "NEXT", "NEXT", "SEND", "THROW0",
                                   "THROW1", "CLOSE"]) for _ in range(8)]
                ops[0] = "NEXT"
                main_c.append("        cede_generator *g = cede_generator_with("
                              "%s, (long)%d);" % (function.name, k))
                main_py.append(" g = %s(%d)" % (function.name, k))
                for op in ops:
                    main_c.append("        drive(g, %s, %d);" % (op, k))
                    main_py.append(" drive(g, '%s', %d)" % (op, k))
                main_c.append("        cede_unref(g);")
                main_py.append(" del g")
            else:
                total = RETURNS[function.returns][2]
                main_c += ["        cede_try {",
                           '            say("result", %s(%s(%d)));' %
                           (total, function.name, k),
                           "        } cede_except (cede_BaseException, e) {",
                           '            say_caught("main", e);',
                           "        } cede_end"]
                main_py += [" try: say('result', %s(%s(%d)))" %
                            (total, function.name, k),
                            " except BaseException as e: "
                            "say_caught('main', e)"]
            main_c.append('        if (again) say("alive", blocks - before);')
            main_c.append("    }")
            main_py.append(" if again: say('alive', 0)")
    main_c += ["    return 0;", "}", ""]
    return "\n".join(c + main_c), "\n".join(py + main_py)


def run_python(source):
    """In a process of its own: reports of lost exceptions go nowhere."""
    code = "out = []\n" + source + "\nprint('\\n'.join(out))\n"
    done = subprocess.run([sys.executable, "-"], input=code, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=60)
    if done.returncode:
        print(done.stderr[-2000:])
    return done.stdout if done.returncode == 0 else None


def run_c(build, source, folder, options):
    path = os.path.join(folder, "program.c")
    program = os.path.join(folder, "program")
    with open(path, "w") as file:
        file.write(source)
    command = shlex.split(build) + ["-std=gnu11", "-w"] + \
        ["-I" + folder for folder in options.include] + \
        [path, "-o", program] + options.library + ["-lpthread", "-lm"]
    built = subprocess.run(command, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
    if built.returncode:
        return "does not compile:\n" + built.stdout[:2000]
    # For another CPU: qemu-user and its arguments (tools/check-aarch64.sh).
    emulator = shlex.split(os.environ.get("CEDE_EMULATOR", ""))
    # With CEDE_DEBUG=1 blocks are kept after their end, and we count them.
    quiet = {name: value for name, value in os.environ.items()
             if name != "CEDE_DEBUG"}
    try:
        done = subprocess.run(emulator + [program], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=60,
                              env=quiet)
    except subprocess.TimeoutExpired:
        return "not done after 60 s"
    if done.returncode:
        return "%sexit status %d\n%s" % (done.stdout, done.returncode,
                                        done.stderr[-2000:])
    return done.stdout


def difference(expected, actual):
    ours, theirs = actual.splitlines(), expected.splitlines()
    section = ""
    for number, line in enumerate(theirs):
        if line.startswith("=="):
            section = line
        if number >= len(ours) or ours[number] != line:
            said = ours[number] if number < len(ours) else "(nothing)"
            return "%s, line %d: Python says '%s', cede '%s'" % (
                section, number + 1, line, said)
    return "cede says more: '%s'" % "\n".join(ours[len(theirs):][:5])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", action="append", required=True,
                        help="compiler and flags; again for more")
    parser.add_argument("--library", action="append", required=True)
    parser.add_argument("--include", action="append", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=5, help="of programs")
    parser.add_argument("--functions", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--statements", type=int, default=40,
                        help="of a function, more or less")
    parser.add_argument("--wild", action="store_true",
                        help="also leave forms inside finally early")
    parser.add_argument("--tame", action="store_true",
                        help="no cede_for inside finally")
    parser.add_argument("--careless", action="store_true",
                        help="without cede_keep and volatile")
    parser.add_argument("--keep", help="folder for programs that differ")
    options = parser.parse_args()
    failed = 0
    for seed in range(options.seed, options.seed + options.count):
        source, twin = make_program(seed, options)
        expected = run_python(twin)
        if expected is None:
            print("seed %d: the Python program failed" % seed)
            failed += 1
            continue
        for build in options.build:
            with tempfile.TemporaryDirectory() as folder:
                actual = run_c(build, source, folder, options)
            if actual == expected:
                continue
            failed += 1
            print("seed %d, %s: %s" % (seed, build,
                                       difference(expected, actual)),
                  flush=True)
            if options.keep:
                os.makedirs(options.keep, exist_ok=True)
                for name, text in (("c", source), ("py", "out=[]\n" + twin),
                                   ("expected", expected),
                                   ("actual", actual)):
                    with open(os.path.join(options.keep, "seed%d.%s" %
                                           (seed, name)), "w") as file:
                        file.write(text)
    print("%d programs, %d builds each, %d failed" %
          (options.count, len(options.build), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
