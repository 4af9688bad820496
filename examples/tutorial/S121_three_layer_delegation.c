/*
 * Caller, middle, innermost: what the caller sends and throws goes straight to
 * the innermost generator; what that one returns comes back layer by layer.
 */
#include <cede.h>
#include <stdio.h>

static void say(const char *before, cede_value value, const char *after) {
    cede_own (text, cede_to_str(value));
    printf("%s'%s'%s\n", before, cede_value_str(text), after);
}
static cede_value subgenerator(void) {
    int64_t total = 0; cede_keep(total);
    cede_print("      [하위] 시작");
    cede_try {
        for (;;) {
            cede_value received = cede_yield(total);
            say("      [하위] ", received, " 받음");
            if (cede_is_none(received)) break;
            total += cede_value_int(received);
        }
    } cede_except (cede_ValueError, e) {
        cede_print("      [하위] 예외 처리:", e);
    } cede_finally {
        cede_print("      [하위] 종료");
        return cede_str_format("최종 합계: %d", (int)total);
    } cede_end
    return cede_none;
}
static cede_value middle_generator(void) {
    cede_print("   [중간] 시작");
    cede_value result = cede_yield_from(cede_generator(subgenerator));
    say("   [중간] 하위 제너레이터 결과: ", result, "");
    cede_print("   [중간] 종료");
    return result;
}

int main(void) {
    cede_print("[호출자] 시작");
    cede_own (gen, cede_generator(middle_generator));
    say("[호출자] 초기 값 ", cede_next(gen), " 받음\n");
    say("[호출자] 10 보낸 후 ", cede_generator_send(gen, 10), " 받음\n");
    say("[호출자] 20 보낸 후 ", cede_generator_send(gen, 20), " 받음\n");
    cede_try {
        cede_print("[호출자] ValueError 예외 주입 시도");
        cede_generator_throw(gen, cede_ValueError, "테스트 예외");
    } cede_except (cede_StopIteration, e) {
        cede_value value = cede_exception_value(e);
        say("[호출자] StopIteration 잡음. 최종 결과: ", value, "");
    } cede_end
    cede_print("[호출자] 종료");
}
