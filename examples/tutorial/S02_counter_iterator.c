/* A class that can be iterated, and the iterator that does it. */
#include "counter.h"

int main(void) { show_next(); }
