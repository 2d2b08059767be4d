/* Who is admitted where, as relocsim/phases/admission.py and claims.py have it on whole arrays: the same rounds, the same
   order of claims, and sums in the same order, so that the bits are the same. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "admission.h"
#include "rows.h"
#include "wide.h"

struct list { /* of claims, growing */
    struct claim *claims;
    int64_t count, room;
};

static void add(struct list *to, struct claim claim)
{
    if (to->count == to->room) {
        to->room = to->room ? 2 * to->room : 1024;
        to->claims = realloc(to->claims, sizeof(struct claim) * to->room);
    }
    to->claims[to->count++] = claim;
}

/* Where an agent's kind stands in what is said of those that build or rent, by sector and place. */
static int64_t way_of(const struct applicants *of, int64_t agent)
{
    const struct claim *blank = of->blank + agent;
    return (blank->market * of->sectors + blank->sector) * of->places;
}

/* The place that an agent likes best of those after the place `last` in its order, or of all (-1), which are not barred to
   it; -1 where there is none. Of two that it likes alike the first by number comes first. `barred` (2, S, P) may be none. */
WIDE static int64_t next_best(const struct applicants *of, const uint8_t *barred, int64_t agent, int64_t last)
{
    const float *value = of->value + agent * of->places;
    float left[of->places], than = last < 0 ? INFINITY : value[last];
    if (barred) {
        barred += way_of(of, agent);
        for (int32_t p = 0; p < of->places; p++)
            left[p] = (value[p] < than) | ((value[p] == than) & (p > (int32_t)last)) ? value[p] : -INFINITY;
        for (int64_t p = 0; p < of->places; p++)
            left[p] = barred[p] ? -INFINITY : left[p];
        value = left;
    }
    float most = highest_of(value, of->places);
    uint8_t is_best[of->places];
    if (!(most > -INFINITY))
        return -1;
    for (int64_t p = 0; p < of->places; p++)
        is_best[p] = value[p] >= most;
    return (const uint8_t *)memchr(is_best, 1, of->places) - is_best;
}

/* Note what is the same wherever each agent asks. */
static void note(struct applicants *of)
{
    of->blank = calloc(of->agents + 1, sizeof(struct claim)), of->row = malloc(sizeof(int64_t) * of->agents + 1);
    for (int64_t a = 0; a < of->agents; a++) {
        int64_t at = of->going[a], firm = of->firm[at], sector = of->sector[firm], rents = of->rents[firm];
        double output = of->made[firm] * of->mass[at];
        uint8_t whole = of->kind[firm] == of->leader;
        of->row[a] = (of->origin[firm] * of->sectors + sector) * of->places;
        of->blank[a] = (struct claim){
            .agent = a, .market = rents, .sector = sector, .output = output, .tie = of->tie_draw[at],
            .need = output * (rents ? of->floor_use : of->land_use)[sector],
            .whole = whole, .first = whole && of->leaders_first,
        };
    }
}

static struct claim claim_on(const struct applicants *of, int64_t agent, int64_t rank, int64_t place, double share)
{
    struct claim claim = of->blank[agent];
    int64_t at = of->going[agent];
    double chance = of->chance[of->row[agent] + place];
    claim.kind = of->entering[at] ? ENTRY : of->mode_draw[at] < chance ? BRANCH : MOVE;
    claim.rank = rank, claim.place = place, claim.share = share;
    claim.score = of->score[way_of(of, agent) + place];
    claim.market += 2 * place;
    double part = claim.kind == BRANCH ? of->branch_share : 1.0;
    claim.output *= part, claim.need *= part;
    return claim;
}

/* Everybody's claim on its favourite place or, after these, where that is barred, on the best that is not. */
static struct list first_claims(const struct applicants *of, const uint8_t *barred, const int64_t *favourite)
{
    struct list claims = {0};
    for (int refused = 0; refused < 2; refused++)
        for (int64_t a = 0; a < of->agents; a++)
            if (favourite[a] >= 0 && barred[way_of(of, a) + favourite[a]] == refused) {
                int64_t place = refused ? next_best(of, barred, a, -1) : favourite[a];
                if (place >= 0)
                    add(&claims, claim_on(of, a, 0, place, 1.0));
            }
    return claims;
}

/* Play all rounds from the claims in `pool`: what is held in the end is added to `held`, what was refused everywhere to
   `ended`. Return whether room may be left where some were refused. */
static int match(const struct applicants *of, const struct vacancy *vacancy, const uint8_t *barred, struct list *pool,
                 struct list *held, struct list *ended)
{
    uint8_t *touched = malloc(of->places);
    int64_t *asking = NULL, before = -1;
    double *granted = NULL;
    int gaps = 0;
    memset(touched, 1, of->places);
    while (pool->count > before) {
        int64_t n = 0;
        before = pool->count;
        asking = realloc(asking, sizeof(int64_t) * before + 1), granted = realloc(granted, sizeof(double) * before + 1);
        for (int64_t i = 0; i < before; i++)
            if (touched[pool->claims[i].place] && pool->claims[i].share > of->nothing)
                asking[n++] = i;
        gaps |= grant(of, vacancy, pool->claims, asking, n, granted);
        memset(touched, 0, of->places);
        for (int64_t k = 0; k < n; k++) {
            struct claim turned = pool->claims[asking[k]];
            pool->claims[asking[k]].share = granted[asking[k]];
            turned.share -= granted[asking[k]];
            if (!(turned.share > of->nothing))
                continue;
            gaps |= turned.whole;
            int64_t place = next_best(of, barred, turned.agent, turned.place);
            if (place >= 0) {
                add(pool, claim_on(of, turned.agent, turned.rank + 1, place, turned.share));
                touched[place] = 1;
            } else
                add(ended, turned);
        }
    }
    for (int64_t i = 0; i < before; i++)
        if (pool->claims[i].share > of->nothing)
            add(held, pool->claims[i]);
    free(touched), free(asking), free(granted);
    return gaps;
}

/* What is left of a vacancy when claims are held, written to `left` (5 P,): spaces and then factors. */
static struct vacancy less(const struct applicants *of, const struct vacancy *vacancy, const struct list *held, double *left)
{
    int64_t spaces = SPACES * of->places, factors = FACTORS * of->places;
    memset(left, 0, sizeof(double) * (spaces + factors));
    for (int64_t i = 0; i < held->count; i++) {
        const struct claim *claim = held->claims + i;
        left[claim->market] += claim->need * claim->share;
        for (int f = 0; f < FACTORS; f++)
            left[spaces + f * of->places + claim->place] += takes_of(of, vacancy, f, claim);
    }
    for (int64_t i = 0; i < spaces + factors; i++) {
        double rest = (i < spaces ? vacancy->spaces[i] : vacancy->factors[i - spaces]) - left[i];
        left[i] = rest > 0.0 ? rest : 0.0;
    }
    return (struct vacancy){left, left + spaces, vacancy->factor_use};
}

/* Let what was refused everywhere ask once more for the room that is left. */
static void sweep(const struct applicants *of, const struct vacancy *vacancy, const uint8_t *barred,
                  const struct list *unplaced, struct list *held)
{
    struct list again = {0}, ended = {0};
    double *share = calloc(of->agents + RESOURCES * of->places, sizeof(double));
    struct vacancy left = less(of, vacancy, held, share + of->agents);
    for (int64_t i = 0; i < unplaced->count; i++)
        share[unplaced->claims[i].agent] += unplaced->claims[i].share;
    for (int64_t a = 0; a < of->agents; a++)
        if (share[a] > of->nothing)
            add(&again, claim_on(of, a, 0, next_best(of, barred, a, -1), share[a]));
    match(of, &left, barred, &again, held, &ended);
    free(share), free(again.claims), free(ended.claims);
}

/* The claims by agent and place, those of one agent on one place added up. */
static struct list tidy(const struct applicants *of, const struct list *claims)
{
    struct list merged = {0};
    int64_t *begin = calloc(2 * of->agents + 1 + claims->count, sizeof(int64_t)), *end = begin + of->agents + 1;
    int64_t *at = end + of->agents;
    for (int64_t i = 0; i < claims->count; i++)
        begin[claims->claims[i].agent + 1]++;
    for (int64_t a = 0; a < of->agents; a++)
        begin[a + 1] += begin[a], end[a] = begin[a];
    for (int64_t i = 0; i < claims->count; i++) {
        int64_t agent = claims->claims[i].agent, to = end[agent]++;
        for (; to > begin[agent] && claims->claims[at[to - 1]].place > claims->claims[i].place; to--)
            at[to] = at[to - 1];
        at[to] = i;
    }
    for (int64_t i = 0; i < claims->count; i++) {
        const struct claim *claim = claims->claims + at[i];
        struct claim *last = merged.count ? merged.claims + merged.count - 1 : NULL;
        if (last && last->agent == claim->agent && last->place == claim->place)
            last->share += claim->share;
        else
            add(&merged, *claim);
    }
    free(begin);
    return merged;
}

/* Investment whose favourite place refused it by a threshold, and for want of room, added to `refused` (2, P). */
static void refusals(const struct applicants *of, const struct list *admitted, const int64_t *favourite, double *refused)
{
    double *taken = calloc(of->agents + 1, sizeof(double));
    for (int64_t i = 0; i < admitted->count; i++)
        if (favourite[admitted->claims[i].agent] == admitted->claims[i].place)
            taken[admitted->claims[i].agent] = admitted->claims[i].share;
    for (int64_t a = 0; a < of->agents; a++)
        if (favourite[a] >= 0 && taken[a] != 1) { /* nothing of the others was refused */
            struct claim asked = claim_on(of, a, 0, favourite[a], 1.0);
            int for_room = !of->unfit[way_of(of, a) + favourite[a]];
            refused[for_room * of->places + favourite[a]] +=
                (1 - taken[a]) * asked.output * of->capital_ratio[asked.sector];
        }
    free(taken);
}

/* Mark where nobody of a sector that builds or rents finds any room, in `barred` (2, S, P). */
static void shut(const struct applicants *of, const struct vacancy *vacancy, uint8_t *barred)
{
    int64_t sectors = of->sectors, places = of->places;
    uint8_t full[RESOURCES][places]; /* land, floor, factors */
    for (int64_t p = 0; p < places; p++) {
        for (int r = 0; r < SPACES; r++)
            full[r][p] = vacancy->spaces[SPACES * p + r] <= 0;
        for (int f = 0; f < FACTORS; f++)
            full[SPACES + f][p] = vacancy->factors[f * places + p] <= 0;
    }
    for (int64_t row = 0; row < SPACES * sectors; row++, barred += places)
        for (int r = 0; r < RESOURCES; r++)
            if (r < SPACES ? r == row / sectors : vacancy->factor_use[(r - SPACES) * sectors + row % sectors] > 0)
                for (int64_t p = 0; p < places; p++)
                    barred[p] |= full[r][p];
}

struct answer {
    struct claim *claims; /* the caller's to `let_go` */
    int64_t count;
};

/* Admit applicants as far as there is room, or everybody where there is no `vacancy`: the claims admitted, by agent and
   place, and what is `refused` (2, P), zero before. */
void admit(struct applicants *of, const struct vacancy *vacancy, struct answer *out, double *refused)
{
    int64_t cells = SPACES * of->sectors * of->places, *favourite = malloc(sizeof(int64_t) * of->agents + 1);
    uint8_t *barred = memcpy(malloc(cells), of->unfit, cells);
    struct list held = {0}, unplaced = {0};
    note(of);
    for (int64_t a = 0; a < of->agents; a++) {
        favourite[a] = of->mass[of->going[a]] > 0 ? next_best(of, NULL, a, -1) : -1;
        if (favourite[a] >= 0)
            fetch(of->chance + of->row[a] + favourite[a]);
    }
    if (vacancy)
        shut(of, vacancy, barred);
    struct list first = first_claims(of, barred, favourite);
    if (vacancy && match(of, vacancy, barred, &first, &held, &unplaced) && unplaced.count)
        sweep(of, vacancy, barred, &unplaced, &held);
    struct list admitted = tidy(of, vacancy ? &held : &first);
    refusals(of, &admitted, favourite, refused);
    out->claims = admitted.claims, out->count = admitted.count;
    free(of->blank), free(of->row), free(favourite), free(barred);
    free(first.claims), free(held.claims), free(unplaced.claims);
}

/* Free what `admit` has given. */
void let_go(struct answer *out) { free(out->claims); }
