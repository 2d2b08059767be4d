/* What governments expect to come: relocsim/phases/bidding.py. */

#include <math.h>
#include <stdint.h>

#include "rows.h"
#include "wide.h"

struct market { /* of firms of one class; a row is an origin and a sector */
    int64_t rows, places, apart;            /* `apart`: from a row of value and contact to the next */
    const double *value, *either, *contact; /* of places: value, what the way of going adds, contacts */
    double scale;
    double *odds, *highest, *unheard; /* written: (rows, P), (rows,), (rows, P) */
};

/* Log odds of places over the highest of their row, the highest, and contacts below zero. */
WIDE void log_odds(const struct market *of)
{
    int64_t places = of->places;
    double scale = of->scale;
    for (int64_t row = 0; row < of->rows; row++) {
        const double *value = of->value + row * of->apart, *contact = of->contact + row * of->apart;
        const double *either = of->either + row * places;
        double *odds = of->odds + row * places, *unheard = of->unheard + row * places;
        for (int64_t p = 0; p < places; p++)
            odds[p] = (value[p] + either[p]) / scale;
        for (int64_t p = 0; p < places; p++)
            unheard[p] = -contact[p];
        double highest = highest_double_of(odds, places);
        for (int64_t p = 0; p < places; p++)
            odds[p] -= highest;
        of->highest[row] = highest;
    }
}

/* Odds, (rows, P), are multiplied by the chance that a place is known, which `unknown` holds below zero; their sums are
   `total`, (rows,). */
WIDE void reached(int64_t rows, int64_t places, const double *unknown, double *odds, double *total)
{
    for (int64_t row = 0; row < rows; row++, odds += places, unknown += places) {
        for (int64_t p = 0; p < places; p++)
            odds[p] *= -unknown[p];
        total[row] = sum_of(odds, places);
    }
}
