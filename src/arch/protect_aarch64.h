/*
 * What -mbranch-protection= asks of assembly: landing pads (BTI) and signed
 * return addresses (PAC). The instructions are hints: where a processor or an
 * assembler does not know them they do nothing, so they are written by number.
 *
 * A function signs its return address before it puts it on the stack and checks
 * it after taking it back, with the same stack pointer. Where a frame or a slot
 * says to go on is not signed: nobody but cede_impl_enter and the switches
 * writes it.
 */
#pragma once

/* At the entry of a function, and where a jump (not a return) may arrive. */
#ifdef __ARM_FEATURE_BTI_DEFAULT
#define CALLED hint #34
#define JUMPED_TO hint #36
#else
#define CALLED
#define JUMPED_TO
#endif

/* The unwinder is told that x30 is signed from here on, or no longer. */
#ifdef __ARM_FEATURE_PAC_DEFAULT
#define SIGN_RETURN hint #25; .cfi_negate_ra_state
#define CHECK_RETURN hint #29; .cfi_negate_ra_state
#else
#define SIGN_RETURN
#define CHECK_RETURN
#endif

/* The linker marks a program protected if every object of it says so. */
#ifdef __ARM_FEATURE_BTI_DEFAULT
#define MARK_BTI 1
#else
#define MARK_BTI 0
#endif
#ifdef __ARM_FEATURE_PAC_DEFAULT
#define MARK_PAC 2
#else
#define MARK_PAC 0
#endif

#if MARK_BTI + MARK_PAC
    .pushsection .note.gnu.property, "a", %note
    .p2align 3
    .long 4                             /* the sizes of "GNU", of the rest */
    .long 16
    .long 5                             /* NT_GNU_PROPERTY_TYPE_0 */
    .asciz "GNU"
    .long 0xc0000000                    /* ..._AARCH64_FEATURE_1_AND */
    .long 4
    .long MARK_BTI + MARK_PAC
    .long 0
    .popsection
#endif
