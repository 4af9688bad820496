/* A kind of dog that has a bark of its own never meets the one that raises. */
#include <cede.h>

struct dog { void (*bark)(void); };
static void dog_bark(void) { cede_raise(cede_NotImplementedError); }
static void bichon_bark(void) { cede_print("멍멍"); }
static const struct dog dog = {dog_bark};

int main(void) {
    struct dog bichon = dog;
    bichon.bark = bichon_bark;
    bichon.bark();
}
