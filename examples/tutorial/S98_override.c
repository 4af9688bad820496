/* A kind of dog that has a bark of its own never meets the one that raises. */
#include <cede.h>

struct dog {
    void (*bark)(void);
};

static void dog_bark(void)
{
    cede_raise(cede_NotImplementedError);
}

static void bichon_bark(void)
{
    cede_print("멍멍");
}

static struct dog bichon(void)
{
    struct dog dog = {dog_bark};

    dog.bark = bichon_bark;
    return dog;
}

int main(void)
{
    bichon().bark();
}
