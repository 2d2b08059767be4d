/* What the choice goes through cell by cell: who is worth reading, and what firms hear of.
   Sums are taken in the order in which numpy takes them in relocsim/phases, so that the bits are the same. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "wide.h"

enum { AHEAD = 3 }; /* firms whose rows are asked for before they are read: they lie far apart */

struct readings { /* by firm under review (n,), by firm (F,), segment (G,) or owner (W,), and all by place */
    int64_t places, segments, classes;
    const double *value;             /* of a plant, (G, P) */
    const double *either;            /* of going either way less that, for firms that stand somewhere, (G / classes, P) */
    const double *contact;           /* cumulated, (G, P) */
    const double *by_owner;          /* (W, P), or none */
    const float *taste, *threshold;  /* (F, P) */
    const float *highest;            /* taste, (F,) */
    const int32_t *segment;          /* (F,) */
    const int8_t *owner;             /* (F,) */
    const int64_t *firm;             /* (n,) */
    const uint8_t *entering;         /* (n,) */
    const float *bar;                /* (n,) */
    double lambda;
    int64_t aware; /* whether places must be known */
};

/* Values of a segment over lambda in 32 bits: of those that enter, or of those that stand somewhere. Returns the highest. */
static inline float over_lambda(const struct readings *of, int64_t segment, int entering, float *to)
{
    const double *from = of->value + segment * of->places, *more = of->either + segment / of->classes * of->places;
    if (entering)
        for (int64_t p = 0; p < of->places; p++)
            to[p] = (float)(from[p] / of->lambda);
    else
        for (int64_t p = 0; p < of->places; p++)
            to[p] = (float)((from[p] + more[p]) / of->lambda);
    return highest_of(to, of->places);
}

/* Which of the firms under review (n,) would rather go to some place: their number; they are written to `going` (n,), and
   their values of places, -inf where unknown or not above the bar, to `value` (n, P). */
WIDE int64_t worth_going(const struct readings *of, int64_t n, int64_t *going, float *value)
{
    int64_t count = 0, maybe = 0, rows = 0, places = of->places, kinds = 2 * of->segments;
    int64_t *row_of = malloc(sizeof(int64_t) * (kinds + 2 * n)), *some = row_of + kinds, *row = some + n;
    float *table = malloc(sizeof(float) * n * (places + 1) + 1), *highest = table + n * places;
    memset(row_of, -1, sizeof(int64_t) * kinds);
    for (int64_t i = 0; i < n; i++) {
        int64_t firm = of->firm[i], segment = of->segment[firm], *at = row_of + 2 * segment + of->entering[i];
        if (*at < 0) { /* only the segments of these firms are worked out */
            *at = rows++;
            highest[*at] = over_lambda(of, segment, of->entering[i], table + *at * places);
        }
        if (highest[*at] + of->highest[firm] > of->bar[i])
            some[maybe] = i, row[maybe++] = *at;
    }
    for (int64_t i = 0; i < maybe; i++) {
        int64_t firm = of->firm[some[i]];
        if (i + AHEAD < maybe)
            for (int64_t p = 0, next = of->firm[some[i + AHEAD]]; p < places; p += 64 / sizeof(float)) {
                fetch(of->taste + next * places + p);
                fetch(of->threshold + next * places + p);
            }
        const float *values = table + row[i] * places, *taste = of->taste + firm * places;
        float *best = value + count * places, bar = of->bar[some[i]];
        for (int64_t p = 0; p < places; p++)
            best[p] = values[p] + taste[p];
        if (!(highest_of(best, places) > bar))
            continue;
        const float *threshold = of->threshold + firm * places;
        const double *heard = of->contact + of->segment[firm] * places;
        const double *owned = of->by_owner ? of->by_owner + of->owner[firm] * places : NULL;
        for (int64_t p = 0; of->aware && p < places; p++)
            best[p] = (owned ? (float)heard[p] + (float)owned[p] : (float)heard[p]) > threshold[p] ? best[p] : -INFINITY;
        for (int64_t p = 0; p < places; p++)
            best[p] = best[p] > bar ? best[p] : -INFINITY;
        going[count++] = some[i];
    }
    free(row_of), free(table);
    return count;
}

struct firms { /* that change, and their segments */
    const double *hazard; /* of a review, (G,) */
    const int32_t *segment;
    const uint8_t *settled;
    const double *weight;
    const int16_t *open_projects, *rests_until;
};

/* Of the firms in `row` (n,) those whose draw is below the hazard, and that are free: their rows; returns their number. */
int64_t reviewed(const struct firms *of, int64_t n, const int64_t *row, const double *draw, int64_t quarter, int64_t *rows)
{
    int64_t called = 0, count = 0; /* no branches, which the processor could not foresee */
    for (int64_t k = 0; k < n; k++) {
        rows[called] = row[k];
        called += draw[k] < of->hazard[of->segment[row[k]]];
    }
    for (int64_t k = 0; k < called; k++) {
        int64_t i = rows[count] = rows[k];
        count += of->settled[i] & (of->weight[i] > 0) & (of->open_projects[i] == 0) & (of->rests_until[i] <= quarter);
    }
    return count;
}

/* Of contacts, (O S, Z, P), the part `kept` stays; what is heard is added, (O S, Z, P) or the same to all classes. */
WIDE void remember(int64_t cells, int64_t classes, int64_t places, double kept, const double *heard, int64_t by_class,
                   double *contact)
{
    for (int64_t row = 0; row < cells * classes; row++) {
        const double *more = heard + (by_class ? row : row / classes) * places;
        double *to = contact + row * places;
        for (int64_t p = 0; p < places; p++)
            to[p] = kept * to[p] + more[p];
    }
}

/* The chance that nobody tells of a place, (O, S, P), becomes `weight` times that somebody does, and (O, P) beside. */
WIDE void tell(int64_t origins, int64_t sectors, int64_t places, double weight, const double *beside, double *told)
{
    for (int64_t cell = 0; cell < origins * sectors; cell++, told += places) {
        const double *more = beside + cell / sectors * places;
        for (int64_t p = 0; p < places; p++)
            told[p] = (1 - told[p]) * weight + more[p];
    }
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
    int64_t sectors = of->sectors, places = of->places, cells = sectors * places;
    double *by_sector = calloc(cells + 2 * places, sizeof(double)), *by_origin = by_sector + cells;
    int64_t *there = (int64_t *)(by_origin + places); /* few places have any output */
    memset(out, 0, sizeof(double) * of->origins * cells);
    for (int64_t o = 0; o < of->origins; o++)
        for (int64_t c = 0; c < cells; c++)
            by_sector[c] += of->plants[o * cells + c];
    for (int64_t s = 0; s < sectors; s++)
        for (int64_t p = 0; p < places; p++)
            by_sector[s * places + p] = of->of_sector * (by_sector[s * places + p] / of->peers[s]);
    for (int64_t o = 0; o < of->origins; o++) {
        double *known = out + o * cells;
        memset(by_origin, 0, sizeof(double) * places);
        for (int64_t s = 0; s < sectors; s++) {
            const double *plants = of->plants + o * cells + s * places, *output = of->output + o * cells + s * places;
            for (int64_t p = 0; p < places; p++)
                by_origin[p] += plants[p];
            int64_t n = 0;
            for (int64_t p = 0; p < places; p++) {
                there[n] = p;
                n += output[p] != 0;
            }
            for (int64_t i = 0; i < n; i++) {
                double moved = output[there[i]] / of->standing[o * sectors + s];
                for (int64_t j = of->begin[s]; j < of->begin[s + 1]; j++)
                    known[of->partner[j] * places + there[i]] += of->weight[j] * moved;
            }
        }
        for (int64_t p = 0; p < places; p++)
            by_origin[p] = of->of_origin * (by_origin[p] / of->kin[o] * of->studied[o]);
        for (int64_t s = 0; s < sectors; s++)
            for (int64_t p = 0; p < places; p++) {
                double *to = known + s * places + p;
                *to = -((by_sector[s * places + p] + by_origin[p]) + of->of_partners * *to);
            }
    }
    free(by_sector);
}
