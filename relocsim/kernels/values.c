/* What the choice goes through cell by cell: values of places, who is worth reading, premiums of inputs.
   Sums are taken in the order in which numpy takes them in relocsim/phases, so that the bits are the same. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wide.h"

enum { LANES = 8 }; /* columns of which the highest is kept apart, so that they are compared at once */

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

/* The sum as numpy takes it along a row: by eights in turn, and by halves where there are many. */
WIDE static double sum_of(const double *value, int64_t n)
{
    double sum = 0, part[8];
    int64_t i = 0, half = n / 2 - n / 2 % 8;
    if (n > 128)
        return sum_of(value, half) + sum_of(value + half, n - half);
    if (n >= 8) {
        memcpy(part, value, sizeof part);
        for (i = 8; i + 8 <= n; i += 8)
            for (int k = 0; k < 8; k++)
                part[k] += value[i + k];
        sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    }
    for (; i < n; i++)
        sum += value[i];
    return sum;
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

static inline float highest_of(const float *row, int64_t places)
{
    float most[LANES], all = -INFINITY;
    int64_t p = 0;
    for (int k = 0; k < LANES; k++)
        most[k] = -INFINITY;
    for (; p + LANES <= places; p += LANES)
        for (int k = 0; k < LANES; k++)
            most[k] = row[p + k] > most[k] ? row[p + k] : most[k];
    for (int k = 0; k < LANES; k++)
        all = most[k] > all ? most[k] : all;
    for (; p < places; p++)
        all = row[p] > all ? row[p] : all;
    return all;
}

/* Values over lambda in 32 bits, (G, P), and the highest of each row: `either` (G / classes, P) is added first. */
WIDE void over_lambda(int64_t rows, int64_t classes, int64_t places, const double *value, const double *either, double lambda,
                 float *table, float *highest)
{
    for (int64_t g = 0; g < rows; g++) {
        const double *from = value + g * places, *more = either + g / classes * places;
        float *to = table + g * places;
        for (int64_t p = 0; p < places; p++)
            to[p] = (float)((from[p] + more[p]) / lambda);
        highest[g] = highest_of(to, places);
    }
}

#if defined(__GNUC__)
#define fetch(address) __builtin_prefetch(address)
#else
#define fetch(address) ((void)(address))
#endif

enum { AHEAD = 3 }; /* firms whose rows are asked for before they are read: they lie far apart */

struct readings { /* all rows have as many places */
    int64_t places;
    const float *table, *taste, *threshold, *by_segment, *by_owner; /* by_owner: or none */
    const int64_t *row, *firm;                                      /* of the table, of the population; by firm under review */
    const int32_t *segment;
    const int8_t *owner;
    const float *bar;
    int64_t aware; /* whether places must be known */
};

/* Which of the firms `some` (n,) would rather go to some place: their number; they are written to `going` (n,), and their
   values of places, -inf where unknown or not above the bar, to `value` (n, P). */
WIDE int64_t worth_going(const struct readings *of, int64_t n, const int64_t *some, int64_t *going, float *value)
{
    int64_t count = 0, places = of->places;
    for (int64_t i = 0; i < n; i++) {
        int64_t at = some[i], firm = of->firm[at];
        if (i + AHEAD < n)
            for (int64_t p = 0, next = of->firm[some[i + AHEAD]]; p < places; p += 64 / sizeof(float)) {
                fetch(of->taste + next * places + p);
                fetch(of->threshold + next * places + p);
            }
        const float *table = of->table + of->row[at] * places, *taste = of->taste + firm * places;
        float *best = value + count * places, bar = of->bar[at];
        for (int64_t p = 0; p < places; p++)
            best[p] = table[p] + taste[p];
        if (!(highest_of(best, places) > bar))
            continue;
        const float *threshold = of->threshold + firm * places, *heard = of->by_segment + of->segment[firm] * places;
        const float *owned = of->by_owner ? of->by_owner + of->owner[firm] * places : NULL;
        for (int64_t p = 0; of->aware && p < places; p++)
            best[p] = (owned ? heard[p] + owned[p] : heard[p]) > threshold[p] ? best[p] : -INFINITY;
        for (int64_t p = 0; p < places; p++)
            best[p] = best[p] > bar ? best[p] : -INFINITY;
        going[count++] = at;
    }
    return count;
}

struct firms { /* that change, and their segments of so many classes each */
    int64_t classes;
    const double *hazard; /* of a review, (O, S) */
    const int32_t *segment;
    const uint8_t *settled;
    const double *weight;
    const int16_t *open_projects, *rests_until;
};

/* The first firms (n,) whose draw is below the hazard, and that are free: their rows; returns their number. */
int64_t reviewed(const struct firms *of, int64_t n, const double *draw, double most, int64_t quarter, int64_t *rows)
{
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++)
        if (draw[i] < most && draw[i] < of->hazard[of->segment[i] / of->classes] && of->settled[i] && of->weight[i] > 0
            && of->open_projects[i] == 0 && of->rests_until[i] <= quarter)
            rows[count++] = i;
    return count;
}

/* Contacts, (O S, Z, P): the part `kept` of those before, and what is heard, (O S, Z, P) or the same to all classes. */
WIDE void remember(int64_t cells, int64_t classes, int64_t places, double kept, const double *before, const double *heard,
                   int64_t by_class, double *out)
{
    for (int64_t row = 0; row < cells * classes; row++) {
        const double *was = before + row * places, *more = heard + (by_class ? row : row / classes) * places;
        for (int64_t p = 0; p < places; p++)
            out[row * places + p] = kept * was[p] + more[p];
    }
}

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

/* What each input costs from the best of the sources of one place, and the finding of it: a column of (X, wide). `least` and
   `offer` are room for (X,). */
static inline void best_source(const struct hauls *of, int64_t place, double *restrict least, double *restrict offer,
                               int64_t wide, double *column)
{
    int64_t inputs = of->inputs;
    for (int64_t x = 0; x < inputs; x++)
        least[x] = INFINITY;
    for (int64_t n = of->first[place]; n < of->first[place + 1]; n++) {
        int64_t source = of->source[n], way = source * of->places + place;
        const double *thin = of->thin + source * inputs, *freight = of->freight;
        double distance = of->distance[way], delay = of->delay[way];
        for (int64_t x = 0; x < inputs; x++)
            offer[x] = thin[x] + (freight[x] * distance + delay);
        for (int64_t x = 0; x < inputs; x++)
            least[x] = offer[x] < least[x] ? offer[x] : least[x];
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
    double *elsewhere = calloc(2 * inputs * (wide + 1), sizeof(double)), *best = elsewhere + inputs * wide;
    double *least = best + inputs * wide;
    for (int64_t p = 0; p < places; p++)
        best_source(of, p, least, least + inputs, wide, elsewhere + p);
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

struct contacts { /* what firms hear of and deal with, see relocsim/phases/promotion.py */
    int64_t origins, sectors, places;
    const double *plants, *output;            /* (O, S, P) */
    const double *peers, *kin, *standing;     /* firms by sector (S,) and origin (O,), output (O, S) */
    const double *studied;                    /* (O,): 1 or 0 */
    const int32_t *begin, *partner;           /* customers and suppliers as a sparse matrix (S, S) */
    const double *weight;
    double of_sector, of_origin, of_partners;
};

/* Firms known that produce in each place, below zero, (O, S, P). */
WIDE void informants(const struct contacts *of, double *out)
{
    int64_t sectors = of->sectors, places = of->places;
    double *by_sector = calloc((2 * sectors + 1) * places, sizeof(double)), *moved = by_sector + sectors * places;
    double *by_origin = moved + sectors * places;
    for (int64_t o = 0; o < of->origins; o++)
        for (int64_t c = 0; c < sectors * places; c++)
            by_sector[c] += of->plants[o * sectors * places + c];
    for (int64_t s = 0; s < sectors; s++)
        for (int64_t p = 0; p < places; p++)
            by_sector[s * places + p] /= of->peers[s];
    for (int64_t o = 0; o < of->origins; o++) {
        const double *plants = of->plants + o * sectors * places, *output = of->output + o * sectors * places;
        memset(by_origin, 0, sizeof(double) * places);
        for (int64_t s = 0; s < sectors; s++)
            for (int64_t p = 0; p < places; p++) {
                by_origin[p] += plants[s * places + p];
                moved[s * places + p] = output[s * places + p] / of->standing[o * sectors + s];
            }
        for (int64_t p = 0; p < places; p++)
            by_origin[p] = of->of_origin * (by_origin[p] / of->kin[o] * of->studied[o]);
        for (int64_t s = 0; s < sectors; s++) {
            double *to = out + (o * sectors + s) * places;
            memset(to, 0, sizeof(double) * places);
            for (int64_t j = of->begin[s]; j < of->begin[s + 1]; j++) {
                const double *from = moved + of->partner[j] * places;
                for (int64_t p = 0; p < places; p++)
                    to[p] += of->weight[j] * from[p];
            }
            for (int64_t p = 0; p < places; p++)
                to[p] = -((of->of_sector * by_sector[s * places + p] + by_origin[p]) + of->of_partners * to[p]);
        }
    }
    free(by_sector);
}
