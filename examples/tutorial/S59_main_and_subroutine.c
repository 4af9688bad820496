/* A subroutine comes back to whoever called it, and is gone. */
#include <cede.h>

static void excuse(void) { cede_print("Excuse me"); }
static void say(const char *msg) {
    excuse();
    cede_print(msg);
}

int main(void) { say("May I help you?"); }
