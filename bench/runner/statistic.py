"""Medians and what can be said of them from a handful of rounds."""

import math
import statistics


def rank(rounds, confidence=0.95):
    """How many values from each end the interval of the median leaves out.

    The interval from the k-th smallest to the k-th largest of n independent
    rounds holds the true median but for 2 P(Bin(n, 1/2) < k): the sign test.
    Nothing is assumed of how values are spread. Of 9 rounds it is the 2nd and
    the 8th (96 %). Below 6 rounds no two values reach 95 %: then k is 1, the
    whole range, with less confidence.
    """
    k = 1
    while k < rounds // 2:
        outside = 2 * sum(math.comb(rounds, i)
                          for i in range(k + 1)) / 2**rounds
        if outside > 1 - confidence:
            break
        k += 1
    return k


def interval(values):
    """(median, low, high)"""
    ordered = sorted(values)
    k = rank(len(ordered))
    return statistics.median(ordered), ordered[k - 1], ordered[-k]


def confidence(rounds):
    k = rank(rounds)
    return 1 - 2 * sum(math.comb(rounds, i) for i in range(k)) / 2**rounds


def ratios(cede, peer):
    """Median and interval of cede/peer, taken round by round: what slows a
    whole round down slows both."""
    return interval([a / b for a, b in zip(cede, peer) if b > 0])
