/* What governments expect to come: relocsim/phases/bidding.py. */

#include <math.h>
#include <stdint.h>

#include "wide.h"

enum { LANES = 8 }; /* columns of which the highest is kept apart, so that they are compared at once */

struct market { /* rows are origins and sectors; of firms of one class */
    int64_t rows, places, apart;            /* `apart`: from a row of value and contact to the next */
    const double *value, *either, *contact; /* of the places: value, what the way of going adds, contacts */
    double scale;
    double *odds, *highest, *unheard; /* to write: log odds over the highest of the row, that, contacts below zero */
};

WIDE void log_odds(const struct market *of)
{
    int64_t places = of->places;
    double scale = of->scale;
    for (int64_t row = 0; row < of->rows; row++) {
        const double *value = of->value + row * of->apart, *contact = of->contact + row * of->apart;
        const double *either = of->either + row * places;
        double *odds = of->odds + row * places, *unheard = of->unheard + row * places;
        double most[LANES], highest = -INFINITY;
        int64_t p = 0;
        for (int64_t at = 0; at < places; at++)
            odds[at] = (value[at] + either[at]) / scale;
        for (int64_t at = 0; at < places; at++)
            unheard[at] = -contact[at];
        for (int k = 0; k < LANES; k++)
            most[k] = -INFINITY;
        for (; p + LANES <= places; p += LANES)
            for (int k = 0; k < LANES; k++)
                most[k] = odds[p + k] > most[k] ? odds[p + k] : most[k];
        for (; p < places; p++)
            highest = odds[p] > highest ? odds[p] : highest;
        for (int k = 0; k < LANES; k++)
            highest = most[k] > highest ? most[k] : highest;
        for (int64_t at = 0; at < places; at++)
            odds[at] -= highest;
        of->highest[row] = highest;
    }
}
