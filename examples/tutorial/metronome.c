/*
 * An exercise of the tutorial: a metronome that does not fall behind. Each beat
 * is set for a time of the clock, not for so long after the beat before, whose
 * own work takes a while.
 */
#include <cede.h>

#include <stdio.h>

static cede_virtual_time virtual_time;

struct metronome {
    cede_loop *loop;
    double begin;
    int beat, beats;
};

static void beat(struct metronome *m)
{
    printf("beat %d at %.2f\n", m->beat, cede_loop_time(m->loop));
    virtual_time.now += 30000000; /* it works for 0.03 s */
    if (++m->beat == m->beats)
        cede_loop_stop(m->loop);
    else
        cede_loop_call_at(m->loop, m->begin + m->beat * 0.5, beat, m);
}

int main(void)
{
    cede_clock clock = cede_virtual_clock(&virtual_time);
    struct metronome m = {.beats = 5};

    m.loop = cede_loop_new_with(&(cede_loop_options){.clock = &clock});
    m.begin = cede_loop_time(m.loop);
    cede_loop_call_soon(m.loop, beat, &m);
    cede_loop_run_forever(m.loop);
    cede_loop_close(m.loop);
    cede_unref(m.loop);
}
