/* The highest of a row, for functions compiled for wide registers. */

#include <math.h>
#include <stdint.h>

enum { LANES = 8 }; /* columns of which the highest is kept apart, so that they are compared at once; a power of two */

static inline float highest_of(const float *row, int64_t places)
{
    float most[LANES];
    int64_t p = 0;
    for (int k = 0; k < LANES; k++)
        most[k] = -INFINITY;
    for (; p + LANES <= places; p += LANES)
#pragma GCC unroll 1 /* written out eight times, it would not be done at once */
        for (int k = 0; k < LANES; k++)
            most[k] = row[p + k] > most[k] ? row[p + k] : most[k];
    for (; p < places; p++)
        most[0] = row[p] > most[0] ? row[p] : most[0];
    for (int half = LANES / 2; half; half /= 2)
        for (int k = 0; k < half; k++)
            most[k] = most[k + half] > most[k] ? most[k + half] : most[k];
    return most[0];
}
