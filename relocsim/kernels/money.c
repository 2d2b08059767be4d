/* Promises that fall due, and what firms see of them: relocsim/phases/payments.py and credibility.py, sums in the same order. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wide.h"

struct accounts { /* of origins, sectors and places in one row, "cells" */
    int64_t cells, places, quarters, limited;
    const double *due, *refunds, *in_arrears; /* (cells,) twice, (P,) */
    double *arrears;                          /* (quarters, cells) */
    const double *meant, *left, *escrow;      /* (P,) */
    double nothing;
    int64_t *cell;                                  /* those with something due or late, and of each: */
    double *prompt, *late, *broken;                 /* paid in time, paid late, never to be paid */
    double *total, *spent, *lost, *owing;           /* (P,), zero: due, paid, broken, late in the end */
};

enum { BLOCK = 8 }; /* places looked at together, since most have nothing open */

/* The cells with something due or late, their places and what is due. */
WIDE static int64_t open_accounts(const struct accounts *of, int32_t *place, double *due)
{
    int64_t count = 0, places = of->places, owing = 0, *there = malloc(sizeof(int64_t) * places);
    int64_t wide = (places + BLOCK - 1) / BLOCK * BLOCK, *open = calloc(wide, sizeof(int64_t));
    double *both = malloc(sizeof(double) * places);
    for (int64_t p = 0; p < places; p++)
        if (of->in_arrears[p] != 0)
            there[owing++] = p;
    for (int64_t first = 0; first < of->cells; first += places) {
        const double *once = of->due + first, *yearly = of->refunds + first, *arrears = of->arrears + first;
        for (int64_t p = 0; p < places; p++) {
            both[p] = once[p] + yearly[p] * 0.25;
            open[p] = both[p] != 0;
        }
        for (int64_t q = 0; q < of->quarters; q++, arrears += of->cells)
            for (int64_t k = 0; k < owing; k++)
                open[there[k]] |= arrears[there[k]] != 0;
        for (int64_t from = 0; from < wide; from += BLOCK) {
            int64_t any = 0;
            for (int k = 0; k < BLOCK; k++)
                any |= open[from + k];
            for (int64_t p = from; any && p < from + BLOCK && p < places; p++) { /* no branches, which could not be foreseen */
                due[count] = both[p];
                place[count] = (int32_t)p;
                of->cell[count] = first + p;
                count += open[p];
            }
        }
    }
    free(there), free(open), free(both);
    return count;
}

/* Arrears `old` (quarters, n) are paid, oldest first, from what places have left. `room` is for (2, quarters, P). */
static void pay_arrears(const struct accounts *of, int64_t n, const int32_t *place, double *old, double *room)
{
    int64_t places = of->places, quarters = of->quarters;
    double *owed = room, *share = room + quarters * places;
    for (int64_t q = 0; q < quarters; q++)
        for (int64_t i = 0; i < n; i++)
            owed[q * places + place[i]] += old[q * n + i];
    for (int64_t p = 0; p < places; p++) {
        double sum = 0;
        for (int64_t q = quarters - 1; q >= 0; q--) {
            double one = owed[q * places + p], part;
            sum = q == quarters - 1 ? one : sum + one;
            part = (of->left[p] - (sum - one)) / (one > of->nothing ? one : of->nothing);
            part = part > 0.0 ? part : 0.0;
            share[q * places + p] = part < 1.0 ? part : 1.0;
        }
    }
    for (int64_t q = 0; q < quarters; q++)
        for (int64_t i = 0; i < n; i++) {
            double paid = old[q * n + i] * share[q * places + place[i]];
            old[q * n + i] -= paid;
            of->late[i] = q ? of->late[i] + paid : paid;
        }
}

/* Everything that falls due is paid, in arrears or broken; returns in how many cells there was something. */
int64_t pay(const struct accounts *of)
{
    int64_t places = of->places, quarters = of->quarters;
    double *due = malloc(sizeof(double) * of->cells);
    int32_t *place = malloc(sizeof(int32_t) * of->cells);
    int64_t n = open_accounts(of, place, due);
    double *old = malloc(sizeof(double) * (quarters * n + 1)), *share = malloc(sizeof(double) * places);
    for (int64_t q = 0; q < quarters; q++)
        for (int64_t i = 0; i < n; i++)
            old[q * n + i] = of->arrears[q * of->cells + of->cell[i]];
    for (int64_t i = 0; i < n; i++) {
        of->total[place[i]] += due[i];
        of->late[i] = 0.0;
    }
    memcpy(share, of->meant, sizeof(double) * places);
    if (of->limited) {
        double *room = calloc(2 * quarters * places, sizeof(double)), *late = calloc(places, sizeof(double));
        pay_arrears(of, n, place, old, room);
        for (int64_t i = 0; i < n; i++)
            late[place[i]] += of->late[i];
        for (int64_t p = 0; p < places; p++) {
            double total = of->total[p], able = of->left[p] - late[p] + of->escrow[p] * total;
            able /= total > of->nothing ? total : of->nothing;
            share[p] = able < share[p] ? able : share[p];
        }
        free(room);
        free(late);
    }
    for (int64_t i = 0; i < n; i++) {
        int64_t at = of->cell[i], p = place[i];
        double owing = due[i] * (of->meant[p] - share[p]);
        of->prompt[i] = due[i] * share[p];
        of->broken[i] = due[i] * (1 - of->meant[p]) + old[(quarters - 1) * n + i];
        of->spent[p] += of->prompt[i] + of->late[i];
        of->lost[p] += of->broken[i];
        of->arrears[at] = owing;
        for (int64_t q = 1; q < quarters; q++) {
            of->arrears[q * of->cells + at] = old[(q - 1) * n + i];
            owing += old[(q - 1) * n + i];
        }
        of->owing[p] += owing;
    }
    free(due);
    free(place);
    free(old);
    free(share);
    return n;
}

struct seen {
    int64_t origins, sectors, places, count;
    const int64_t *cell;                 /* where something was due, (n,), in order */
    double kin, far, peers, inertia;     /* weights of the same origin or sector over others', of others, of the same of both */
    double *credibility;                 /* (O, S, P) */
};

/* Money of cells (n,) is added up by origin (O, P) and by sector (S, P); all of it, (P,), over origins. */
static void add_up(const struct seen *of, const double *money, double *origin, double *sector, double *all)
{
    int64_t sectors = of->sectors, places = of->places, i = 0;
    for (int64_t row = 0; row < of->origins * sectors; row++)
        for (int64_t first = row * places; i < of->count && of->cell[i] < first + places; i++) {
            origin[row / sectors * places + of->cell[i] - first] += money[i];
            sector[row % sectors * places + of->cell[i] - first] += money[i];
        }
    for (int64_t o = 0; o < of->origins; o++)
        for (int64_t p = 0; p < places; p++)
            all[p] += origin[o * places + p];
}

/* Credibility moves towards what was seen: `due` and `kept` are the money of the cells, (n,). */
WIDE void learn(const struct seen *of, const double *due, const double *kept)
{
    int64_t sectors = of->sectors, places = of->places, size = (of->origins + sectors + 2) * places, i = 0;
    double *room = calloc(2 * size, sizeof(double)), *origin[2], *sector[2], *far[2], *own[2];
    for (int k = 0; k < 2; k++) {
        origin[k] = room + k * size;
        sector[k] = origin[k] + of->origins * places;
        far[k] = sector[k] + sectors * places;
        own[k] = far[k] + places;
        add_up(of, k ? kept : due, origin[k], sector[k], far[k]);
    }
    for (int64_t row = 0; row < of->origins * sectors; row++) {
        int64_t first = row * places, by_o = row / sectors * places, by_s = row % sectors * places, from = i;
        double *credibility = of->credibility + first;
        for (; i < of->count && of->cell[i] < first + places; i++) {
            own[0][of->cell[i] - first] = of->peers * due[i];
            own[1][of->cell[i] - first] = of->peers * kept[i];
        }
        for (int64_t p = 0; p < places; p++) {
            double heard[2];
            for (int k = 0; k < 2; k++)
                heard[k] = of->kin * sector[k][by_s + p] + (of->kin * origin[k][by_o + p] + of->far * far[k][p]) + own[k][p];
            heard[1] -= heard[0] * credibility[p];
            credibility[p] += heard[1] / (heard[0] + of->inertia);
        }
        for (; from < i; from++)
            own[0][of->cell[from] - first] = own[1][of->cell[from] - first] = 0;
    }
    free(room);
}
