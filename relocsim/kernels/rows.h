/* The highest and the sum of a row, for functions compiled for wide registers. */

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { LANES = 8 }; /* columns that are kept apart, so that they are taken at once: as many as numpy's sums keep apart */

/* The inner loop written out eight times would not be done at once. */
#define HIGHEST(name, number) \
    static inline number name(const number *row, int64_t places) \
    { \
        number most[LANES]; \
        int64_t p = 0; \
        for (int k = 0; k < LANES; k++) \
            most[k] = -INFINITY; \
        for (; p + LANES <= places; p += LANES) \
            _Pragma("GCC unroll 1") for (int k = 0; k < LANES; k++) \
                most[k] = row[p + k] > most[k] ? row[p + k] : most[k]; \
        for (; p < places; p++) \
            most[0] = row[p] > most[0] ? row[p] : most[0]; \
        for (int half = LANES / 2; half; half /= 2) \
            for (int k = 0; k < half; k++) \
                most[k] = most[k + half] > most[k] ? most[k + half] : most[k]; \
        return most[0]; \
    }

HIGHEST(highest_of, float)
HIGHEST(highest_double_of, double)

/* The sum as numpy takes it along a row: by eights in turn, and by halves where there are many. */
static inline double sum_of(const double *value, int64_t n)
{
    double sum = 0, part[LANES];
    int64_t i = 0, half = n / 2 - n / 2 % LANES;
    if (n > 128)
        return sum_of(value, half) + sum_of(value + half, n - half);
    if (n >= LANES) {
        memcpy(part, value, sizeof part);
        for (i = LANES; i + LANES <= n; i += LANES)
            for (int k = 0; k < LANES; k++)
                part[k] += value[i + k];
        sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    }
    for (; i < n; i++)
        sum += value[i];
    return sum;
}
