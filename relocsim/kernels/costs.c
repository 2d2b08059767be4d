/* What places cost and are worth, cell by cell: premiums of inputs, unit cost, values of places.
   Sums are taken in the order in which numpy takes them in relocsim/phases, so that the bits are the same. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "wide.h"

struct hauls {
    int64_t inputs, places, origins, sectors;
    const double *thin;               /* (P, X) */
    const int64_t *source, *first;    /* (N,), and (P + 1,) where those of each place begin */
    const double *freight;            /* (X,) */
    const double *distance, *delay;   /* (P, P) */
    const int64_t *origin;            /* (O,) */
    const int32_t *begin, *input;     /* needs as a sparse matrix (S, X) */
    const double *need;
    double newcomer;
};

enum { TILE = 16 }; /* places whose sums stay in registers */

/* Least cost of each input so far (X,), and from one more source: beside what it is lacking, freight over the distance. */
WIDE static void offer(double *restrict least, const double *thin, const double *freight, double distance, double delay,
                       int64_t inputs)
{
    for (int64_t x = 0; x < inputs; x++) {
        double cost = thin[x] + (freight[x] * distance + delay);
        least[x] = cost < least[x] ? cost : least[x];
    }
}

/* What each input costs from the best of the sources of one place, and the finding of it: a column of (X, wide). */
static inline void best_source(const struct hauls *of, int64_t place, double *least, int64_t wide, double *column)
{
    int64_t inputs = of->inputs;
    for (int64_t x = 0; x < inputs; x++)
        least[x] = INFINITY;
    for (int64_t n = of->first[place]; n < of->first[place + 1]; n++) {
        int64_t source = of->source[n], way = source * of->places + place;
        offer(least, of->thin + source * inputs, of->freight, of->distance[way], of->delay[way], inputs);
    }
    for (int64_t x = 0; x < inputs; x++)
        column[x * wide] = least[x] + of->newcomer;
}

/* Weighted sums of those of the rows `best` (X, wide) that a sector needs, (P,). */
static inline void needed(const double *best, int64_t wide, int64_t count, const int32_t *input, const double *need,
                          int64_t places, double *restrict out)
{
    for (int64_t p = 0; p < places; p += TILE) {
        double sum[TILE] = {0};
        for (int64_t j = 0; j < count; j++) {
            const double *row = best + input[j] * wide + p;
            for (int k = 0; k < TILE; k++)
                sum[k] += need[j] * row[k];
        }
        memcpy(out + p, sum, sizeof(double) * (places - p < TILE ? places - p : TILE));
    }
}

/* Premium of the best other source, (O, S, P). */
WIDE void premium(const struct hauls *of, double *out)
{
    int64_t inputs = of->inputs, places = of->places, wide = (places + TILE - 1) / TILE * TILE;
    double *elsewhere = calloc(inputs * (2 * wide + 1), sizeof(double)), *best = elsewhere + inputs * wide;
    double *least = best + inputs * wide;
    for (int64_t p = 0; p < places; p++)
        best_source(of, p, least, wide, elsewhere + p);
    for (int64_t o = 0; o < of->origins; o++) {
        const double *distance = of->distance + of->origin[o] * places, *delay = of->delay + of->origin[o] * places;
        for (int64_t x = 0; x < inputs; x++) {
            const double *other = elsewhere + x * wide;
            double *restrict row = best + x * wide, freight = of->freight[x], thin = of->thin[of->origin[o] * inputs + x];
            for (int64_t p = 0; p < places; p++) {
                double own = freight * distance[p] + thin + delay[p];
                row[p] = other[p] < own ? other[p] : own;
            }
        }
        for (int64_t s = 0; s < of->sectors; s++, out += places) {
            int64_t from = of->begin[s], count = of->begin[s + 1] - from;
            needed(best, wide, count, of->input + from, of->need + from, places, out);
        }
    }
    free(elsewhere);
}

struct segments { /* costs of origins, sectors and classes in places, see relocsim/phases/segments.py */
    int64_t origins, sectors, classes, places;
    double beta;
    const double *by_class, *inputs, *lost; /* worth (S, P), cost (O, S, P), utility (O, P): the same to all classes */
    const double *trips, *trip, *promise, *belief; /* (S, Z), (O, P), (S, Z, P), (O, S, P) */
    double share;
    const double *lacking, *premium; /* of joint moves, (S, P) and (O, S, P), or none */
};

/* Worth of places, (O, S, Z, P): what they are to every class less beta times the cost of a segment. At home nothing is
   worth anything, so that nobody need be spared a promise or suppliers there. */
WIDE void worth(const struct segments *of, double *value)
{
    int64_t sectors = of->sectors, classes = of->classes, places = of->places;
    double less = -of->beta, saves = -of->share, *restrict to_all = malloc(sizeof(double) * places);
    for (int64_t cell = 0; cell < of->origins * sectors; cell++) {
        int64_t o = cell / sectors, s = cell % sectors;
        const double *by_class = of->by_class + s * places, *inputs = of->inputs + cell * places, *lost = of->lost + o * places;
        const double *trip = of->trip + o * places, *belief = of->belief + cell * places;
        for (int64_t p = 0; p < places; p++)
            to_all[p] = by_class[p] + (less * inputs[p] - lost[p]);
        for (int64_t z = 0; z < classes; z++, value += places) {
            const double *promise = of->promise + (s * classes + z) * places;
            double often = of->trips[s * classes + z], *restrict to = value;
            if (of->lacking && z == classes - 1) {
                const double *lacking = of->lacking + s * places, *premium = of->premium + cell * places;
                for (int64_t p = 0; p < places; p++) {
                    double cost = often * trip[p] - promise[p] * belief[p] + saves * (lacking[p] * premium[p]);
                    to[p] = less * cost + to_all[p];
                }
            } else
                for (int64_t p = 0; p < places; p++)
                    to[p] = less * (often * trip[p] - promise[p] * belief[p]) + to_all[p];
        }
    }
    free(to_all);
}

/* Cost of inputs, (O, S, P): the share of `tradable` (S,) that a place is lacking, (S, P), costs the premium (O, S, P). */
WIDE void bought(int64_t origins, int64_t sectors, int64_t places, const double *lacking, const double *premium,
                 const double *tradable, double *restrict cost)
{
    for (int64_t cell = 0; cell < origins * sectors; cell++) {
        const double *lacks = lacking + cell % sectors * places, *more = premium + cell * places;
        double *restrict to = cost + cell * places, whole = tradable[cell % sectors];
        for (int64_t p = 0; p < places; p++)
            to[p] = (lacks[p] * more[p] / 100 + 1) * whole;
    }
}

/* Unit cost of one class less the mean of the destinations (n,), (O, S, P): of inputs (O, S, P), trips so often, (S,), at
   the cost of one (O, P), and what does not depend on the origin, (S, P). */
WIDE void relative_cost(const int64_t *shape, const double *by_class, const double *inputs, const double *often,
                        const double *trip, int64_t n, const int64_t *destination, double *relative)
{
    int64_t sectors = shape[1], places = shape[2];
    double *some = malloc(sizeof(double) * n);
    for (int64_t cell = 0; cell < shape[0] * sectors; cell++) {
        int64_t s = cell % sectors;
        const double *all = by_class + s * places, *bought = inputs + cell * places, *each = trip + cell / sectors * places;
        double *restrict cost = relative + cell * places, trips = often[s];
        for (int64_t p = 0; p < places; p++)
            cost[p] = bought[p] + all[p] + trips * each[p];
        for (int64_t i = 0; i < n; i++)
            some[i] = cost[destination[i]];
        double mean = sum_of(some, n) / (double)n;
        for (int64_t p = 0; p < places; p++)
            cost[p] -= mean;
    }
    free(some);
}
