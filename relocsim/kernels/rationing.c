/* What each place takes of those who ask, as relocsim/phases/rationing.py has it on whole arrays: sums are taken in the same
   order, so that the bits are the same. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "admission.h"

/* Whether claim `b` comes before `a`: by market (or place), then those always first, then by score, then by the draw. */
static int comes_before(const struct claim *b, const struct claim *a, int by_place)
{
    int64_t group_b = by_place ? b->place : b->market, group_a = by_place ? a->place : a->market;
    if (group_b != group_a)
        return group_b < group_a;
    if (b->first != a->first)
        return b->first > a->first;
    if (b->score != a->score)
        return b->score > a->score;
    return b->tie < a->tie;
}

/* Sort the positions `at` (n,) of claims, equal ones as they stand; `room` (n,). */
static void sort(const struct claim *claims, int64_t *at, int64_t n, int by_place, int64_t *room)
{
    if (n < 2)
        return;
    int64_t half = n / 2;
    sort(claims, at, half, by_place, room);
    sort(claims, at + half, n - half, by_place, room);
    memcpy(room, at, sizeof(int64_t) * half);
    for (int64_t i = 0, j = half, k = 0; i < half; k++)
        if (j < n && comes_before(claims + at[j], claims + room[i], by_place))
            at[k] = at[j++];
        else
            at[k] = room[i++];
}

static double within(double part) { return part > 1.0 ? 1.0 : part > 0.0 ? part : 0.0; }

/* Take what there is room for in one resource, down the lists of markets: what is `granted` to the claims `at` (n,) is
   multiplied by it. */
static void down_the_lists(const struct claim *claims, const int64_t *at, int64_t n, const double *rooms, double nothing,
                           double *granted)
{
    double *part = malloc(sizeof(double) * n);
    uint8_t *counted = malloc(n);
    memset(counted, 1, n);
    for (int settled = 0; !settled;) {
        double sum = 0.0, first = 0.0;
        int64_t broke = -1; /* market in which one has been passed over at this turn */
        settled = 1;
        for (int64_t i = 0; i < n; i++) {
            const struct claim *claim = claims + at[i];
            double wanted = counted[i] ? claim->need * claim->share : 0.0;
            sum = i ? sum + wanted : wanted;
            double before = sum - wanted;
            if (!i || claim->market != claims[at[i - 1]].market)
                first = before;
            double left = rooms[claim->market] - (before - first);
            part[i] = counted[i] ? within(left / (wanted > 0 ? wanted : 1.0)) : 0.0;
            if (claim->whole && counted[i] && part[i] < 1 - nothing && broke != claim->market)
                counted[i] = 0, broke = claim->market, settled = 0;
        }
    }
    for (int64_t i = 0; i < n; i++)
        granted[at[i]] *= part[i];
    free(part), free(counted);
}

/* The same down the lists of places that lack several resources: the first that does not fit is settled at every turn. */
static void down_lists_of_several(const struct claim *claims, const int64_t *at, int64_t n, const struct vacancy *vacancy,
                                  const struct applicants *of, double *granted)
{
    double *amounts = calloc(n * RESOURCES, sizeof(double)), *part = malloc(sizeof(double) * n);
    uint8_t *unsettled = malloc(n);
    int64_t *used_up = malloc(sizeof(int64_t) * of->places * RESOURCES);
    for (int64_t i = 0; i < n; i++) {
        const struct claim *claim = claims + at[i];
        part[i] = 1.0, unsettled[i] = 1;
        amounts[i * RESOURCES + claim->market % 2] = claim->need * claim->share;
        for (int f = 0; f < FACTORS; f++)
            amounts[i * RESOURCES + SPACES + f] = takes_of(of, vacancy, f, claim);
    }
    for (int64_t i = 0; i < of->places * RESOURCES; i++)
        used_up[i] = n;
    for (int settled = 0; !settled;) {
        double sum[RESOURCES] = {0}, first[RESOURCES] = {0}, before[RESOURCES];
        int64_t broke = -1;
        settled = 1;
        for (int64_t i = 0; i < n; i++) { /* who breaks here changes only what is taken at the next turn */
            const struct claim *claim = claims + at[i];
            const double *amount = amounts + i * RESOURCES;
            int opens = !i || claim->place != claims[at[i - 1]].place, scarcest = 0;
            double least = 0.0;
            for (int r = 0; r < RESOURCES; r++) {
                double taken = amount[r] * part[i];
                sum[r] = i ? sum[r] + taken : taken;
                before[r] = sum[r] - taken;
                first[r] = opens ? before[r] : first[r];
            }
            if (!unsettled[i] || broke == claim->place)
                continue;
            for (int r = 0; r < RESOURCES; r++) {
                double room = r < SPACES ? vacancy->spaces[2 * claim->place + r]
                                         : vacancy->factors[(r - SPACES) * of->places + claim->place];
                double fit = amount[r] > 0 ? (room - (before[r] - first[r])) / amount[r] : INFINITY;
                if (!r || fit < least)
                    least = fit, scarcest = r;
            }
            double fits = within(least);
            if (fits < (claim->whole ? 1 - of->nothing : 1.0)) {
                broke = claim->place, settled = 0, unsettled[i] = 0;
                part[i] = claim->whole ? 0.0 : fits;
                int64_t *end = used_up + claim->place * RESOURCES + scarcest;
                if (!claim->whole && i < *end)
                    *end = i;
            }
        }
        for (int64_t i = 0; !settled && i < n; i++)
            for (int r = 0; unsettled[i] && r < RESOURCES; r++)
                if (amounts[i * RESOURCES + r] > 0 && i > used_up[claims[at[i]].place * RESOURCES + r])
                    part[i] = 0.0, unsettled[i] = 0;
    }
    for (int64_t i = 0; i < n; i++)
        granted[at[i]] *= part[i];
    free(amounts), free(part), free(unsettled), free(used_up);
}

/* Write the part of each agent that its place takes to `granted`, which like `claims` is read at `asking` (n,); return
   whether factors are short anywhere. */
int grant(const struct applicants *of, const struct vacancy *vacancy, const struct claim *claims, const int64_t *asking,
          int64_t n, double *granted)
{
    int64_t places = of->places, tight = 0, several = 0;
    double *space = calloc(RESOURCES * places, sizeof(double)), *factor = space + SPACES * places;
    uint8_t *short_of = calloc(places, 1);
    int64_t *at = malloc(sizeof(int64_t) * 3 * n + 1), *others = at + n, *room = others + n;
    int any = 0;
    for (int64_t i = 0; i < n; i++) {
        const struct claim *claim = claims + asking[i];
        granted[asking[i]] = claim->share;
        space[claim->market] += claim->need * claim->share;
        for (int f = 0; f < FACTORS; f++)
            factor[f * places + claim->place] += takes_of(of, vacancy, f, claim);
    }
    for (int64_t i = 0; i < FACTORS * places; i++)
        if (factor[i] > vacancy->factors[i])
            short_of[i % places] = 1, any = 1;
    for (int64_t i = 0; i < n; i++) {
        const struct claim *claim = claims + asking[i];
        if (short_of[claim->place])
            others[several++] = asking[i];
        else if (space[claim->market] > vacancy->spaces[claim->market])
            at[tight++] = asking[i];
    }
    sort(claims, at, tight, 0, room);
    down_the_lists(claims, at, tight, vacancy->spaces, of->nothing, granted);
    sort(claims, others, several, 1, room);
    if (several)
        down_lists_of_several(claims, others, several, vacancy, of, granted);
    free(space), free(short_of), free(at);
    return any;
}
