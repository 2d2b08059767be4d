/* Deferred acceptance with sizes, as relocsim/phases/admission.py, claims.py and rationing.py have it on whole arrays: the
   same rounds, the same order of claims, and sums in the same order, so that the bits are the same. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SPACES = 2, FACTORS = 3, RESOURCES = SPACES + FACTORS };

struct claim { /* `claims.CLAIM` */
    int64_t agent, rank, place, market, kind, sector;
    double share, need, output, score, tie;
    uint8_t whole, first;
};

struct applicants { /* by agent (m,) unless said otherwise */
    int64_t agents, places, sectors;
    const struct claim *blank;
    const float *value;     /* (m, P) */
    const uint8_t *barred;  /* (2, S, P) */
    const double *score;    /* (2, S, P) */
    const double *chance;   /* of branching, (O, S, P) */
    const int64_t *origin;
    const uint8_t *entrant;
    const double *mode_draw;
    double branch_share;
    int64_t branch, move, entry;
    double nothing;
};

struct vacancy {
    const double *spaces;     /* (2 P,) */
    const double *factors;    /* (3, P) */
    const double *factor_use; /* (3, S) */
};

struct list { /* of claims, growing */
    struct claim *claims;
    double *share; /* of each that is held */
    int64_t count, room;
};

static void add(struct list *to, const struct claim *claim)
{
    if (to->count == to->room) {
        to->room = to->room ? 2 * to->room : 256;
        to->claims = realloc(to->claims, sizeof(struct claim) * to->room);
        to->share = realloc(to->share, sizeof(double) * to->room);
    }
    to->claims[to->count] = *claim;
    to->share[to->count++] = claim->share;
}

/* Places of an agent, best first: written to `order` (P,), their number returned. */
static int64_t in_order_of_liking(const struct applicants *of, int64_t agent, int16_t *order)
{
    const struct claim *blank = of->blank + agent;
    const float *value = of->value + agent * of->places;
    const uint8_t *barred = of->barred + (blank->market * of->sectors + blank->sector) * of->places;
    int64_t length = 0;
    for (int64_t p = 0; p < of->places; p++) {
        if (barred[p] || !isfinite(value[p]))
            continue;
        int64_t at = length++;
        for (; at > 0 && value[order[at - 1]] < value[p]; at--)
            order[at] = order[at - 1];
        order[at] = (int16_t)p;
    }
    return length;
}

static struct claim claim_on(const struct applicants *of, int64_t agent, int64_t rank, int64_t place, double share)
{
    struct claim claim = of->blank[agent];
    double chance = of->chance[(of->origin[agent] * of->sectors + claim.sector) * of->places + place];
    claim.kind = of->entrant[agent] ? of->entry : of->mode_draw[agent] < chance ? of->branch : of->move;
    claim.rank = rank, claim.place = place, claim.share = share;
    claim.score = of->score[(claim.market * of->sectors + claim.sector) * of->places + place];
    claim.market += 2 * place;
    double part = claim.kind == of->branch ? of->branch_share : 1.0;
    claim.output *= part, claim.need *= part;
    return claim;
}

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

/* Take what there is room for in one resource, down the lists of markets; `granted` (n,) is multiplied by it. */
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
            amounts[i * RESOURCES + SPACES + f] =
                vacancy->factor_use[f * of->sectors + claim->sector] * claim->output * claim->share;
    }
    for (int64_t i = 0; i < of->places * RESOURCES; i++)
        used_up[i] = n;
    for (int settled = 0; !settled;) {
        double sum[RESOURCES] = {0}, first[RESOURCES] = {0};
        int64_t broke = -1;
        settled = 1;
        for (int64_t i = 0; i < n; i++) { /* who breaks here changes only what is taken at the next turn */
            const struct claim *claim = claims + at[i];
            int opens = !i || claim->place != claims[at[i - 1]].place, scarcest = 0;
            double least = 0.0;
            for (int r = 0; r < RESOURCES; r++) {
                double amount = amounts[i * RESOURCES + r], taken = amount * part[i];
                sum[r] = i ? sum[r] + taken : taken;
                double before = sum[r] - taken;
                if (opens)
                    first[r] = before;
                double room = r < SPACES ? vacancy->spaces[2 * claim->place + r]
                                         : vacancy->factors[(r - SPACES) * of->places + claim->place];
                double fit = amount > 0 ? (room - (before - first[r])) / amount : INFINITY;
                if (!r || fit < least)
                    least = fit, scarcest = r;
            }
            double fits = within(least);
            if (unsettled[i] && fits < (claim->whole ? 1 - of->nothing : 1.0) && broke != claim->place) {
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

/* Write the part of each agent that its place takes to `granted` (n,); return whether factors are short anywhere. */
static int grant(const struct applicants *of, const struct vacancy *vacancy, const struct claim *asking, int64_t n,
                 double *granted)
{
    int64_t places = of->places, tight = 0, several = 0;
    double *space = calloc((2 + FACTORS) * places, sizeof(double)), *factor = space + 2 * places;
    uint8_t *short_of = calloc(places, 1);
    int64_t *at = malloc(sizeof(int64_t) * 3 * n + 1), *others = at + n, *room = others + n, any = 0;
    for (int64_t i = 0; i < n; i++) {
        const struct claim *claim = asking + i;
        granted[i] = claim->share;
        space[claim->market] += claim->need * claim->share;
        for (int f = 0; f < FACTORS; f++)
            factor[f * places + claim->place] +=
                vacancy->factor_use[f * of->sectors + claim->sector] * claim->output * claim->share;
    }
    for (int64_t i = 0; i < FACTORS * places; i++)
        if (factor[i] > vacancy->factors[i])
            short_of[i % places] = 1, any = 1;
    for (int64_t i = 0; i < n; i++)
        if (short_of[asking[i].place])
            others[several++] = i;
        else if (space[asking[i].market] > vacancy->spaces[asking[i].market])
            at[tight++] = i;
    sort(asking, at, tight, 0, room);
    down_the_lists(asking, at, tight, vacancy->spaces, of->nothing, granted);
    sort(asking, others, several, 1, room);
    if (several)
        down_lists_of_several(asking, others, several, vacancy, of, granted);
    free(space), free(short_of), free(at);
    return (int)any;
}

struct outcome {
    struct claim *held, *unplaced;
    int64_t held_count, unplaced_count, gaps;
};

/* Play all rounds from the claims `first` (n,). What is held in the end and what was refused everywhere is the caller's
   to `let_go`. */
void match(const struct applicants *of, const struct vacancy *vacancy, const struct claim *first, int64_t n,
           struct outcome *out)
{
    struct list pool = {0}, ended = {0}, asking = {0};
    uint8_t *touched = malloc(of->places);
    int16_t *order = malloc(sizeof(int16_t) * of->agents * of->places + 1);
    int64_t *length = malloc(sizeof(int64_t) * of->agents + 1), *rows = NULL, before = -1;
    double *granted = NULL;
    memset(touched, 1, of->places);
    memset(length, -1, sizeof(int64_t) * of->agents);
    for (int64_t i = 0; i < n; i++)
        add(&pool, first + i);
    for (out->gaps = 0; pool.count > before;) {
        before = pool.count, asking.count = 0;
        rows = realloc(rows, sizeof(int64_t) * before + 1), granted = realloc(granted, sizeof(double) * before + 1);
        for (int64_t i = 0; i < before; i++)
            if (touched[pool.claims[i].place] && pool.share[i] > of->nothing) {
                rows[asking.count] = i;
                add(&asking, pool.claims + i);
                asking.claims[asking.count - 1].share = pool.share[i];
            }
        out->gaps |= grant(of, vacancy, asking.claims, asking.count, granted);
        memset(touched, 0, of->places);
        for (int64_t i = 0; i < asking.count; i++) {
            struct claim turned = asking.claims[i];
            pool.share[rows[i]] = granted[i];
            if (!(turned.share - granted[i] > of->nothing))
                continue;
            turned.share -= granted[i], out->gaps |= turned.whole;
            int16_t *places = order + turned.agent * of->places;
            if (length[turned.agent] < 0)
                length[turned.agent] = in_order_of_liking(of, turned.agent, places);
            if (turned.rank + 1 < length[turned.agent]) {
                struct claim next = claim_on(of, turned.agent, turned.rank + 1, places[turned.rank + 1], turned.share);
                add(&pool, &next);
                touched[next.place] = 1;
            } else
                add(&ended, &turned);
        }
    }
    asking.count = 0;
    for (int64_t i = 0; i < pool.count; i++)
        if (pool.share[i] > of->nothing) {
            add(&asking, pool.claims + i);
            asking.claims[asking.count - 1].share = pool.share[i];
        }
    out->held = asking.claims, out->held_count = asking.count;
    out->unplaced = ended.claims, out->unplaced_count = ended.count;
    free(pool.claims), free(pool.share), free(ended.share), free(asking.share);
    free(touched), free(order), free(length), free(rows), free(granted);
}

/* Free what `match` has given. */
void let_go(struct outcome *out)
{
    free(out->held), free(out->unplaced);
}
