/* What projects go through in a quarter, row by row: relocsim/phases/delivery.py, readiness.py, plants.py and
   followers.py. Logarithms and exponentials are numpy's, taken between these. */

#include <stdlib.h>

#include "projects.h"

enum { FACTORS = 3 };

struct chances {
    int64_t places, sectors, small;
    const double *advance, *loss;                  /* (2, 4, P), (4, P) */
    const double *finance, *share;                 /* (P, S); (P,): share that is supervised */
    double finance_effect, follow_loss, alone;
    double least[4], supervised_loss;              /* of those supervised: advance by stage, loss */
    const double *total, *used, *factor_use;       /* factors: (3, P) twice, by sector (3, S); total is none where all is ready */
    double mobilisation;
    double *factors;                               /* (7, P), zero at first: what is reserved, what is needed to build, readiness */
};

/* Factors that the projects in `rows` take, all of them and those under construction. */
static void take_factors(const struct table *of, const struct chances *by, int64_t n, const int64_t *rows)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], place = of->place[row];
        for (int k = 0; k < FACTORS; k++) {
            double amount = by->factor_use[k * by->sectors + of->sector[row]] * of->output[row];
            by->factors[k * by->places + place] += amount;
            if (of->stage[row] == GROUND)
                by->factors[(FACTORS + k) * by->places + place] += amount;
        }
    }
}

/* The least that power, environment and labour allow each by itself of starting production in a place. */
static double shortest_plank(const struct chances *by, int64_t place)
{
    double least = 1.0;
    for (int64_t at = place; at < FACTORS * by->places; at += by->places) {
        double reserved = by->factors[at], needed = by->factors[FACTORS * by->places + at];
        double total = by->total[at], used = by->used[at], covered = total / (used > 1e-9 ? used : 1e-9);
        double free = (total > used ? total - used : 0.0) + (covered < 1.0 ? covered : 1.0) * reserved;
        double ready = needed > 0 ? by->mobilisation * free / needed : 1.0;
        least = ready < least ? ready : least;
    }
    return least;
}

/* Hazards of advance and of loss, (2, n), of the projects in `rows`, all that are open. */
void hazards(const struct table *of, const struct chances *by, int64_t n, const int64_t *rows, double *found)
{
    double *ready = by->factors + 2 * FACTORS * by->places;
    if (by->total)
        take_factors(of, by, n, rows);
    for (int64_t place = 0; place < by->places; place++)
        ready[place] = by->total ? shortest_plank(by, place) : 1.0;
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], stage = of->stage[row], place = of->place[row], leader = of->leader[row];
        int64_t at = stage * by->places + place;
        double hazard = by->advance[(of->rents[row] ? 4 * by->places : 0) + at], lost = by->loss[at];
        if (stage == GROUND && of->firm_class[row] == by->small) {
            double covered = by->finance[place * by->sectors + of->sector[row]];
            hazard *= 1 + by->finance_effect * (covered < 1.0 ? covered : 1.0);
        }
        lost *= leader >= 0 ? by->follow_loss : 1.0;
        if (stage >= SIGNED && by->share[place] > 0 && of->luck[row] < by->share[place]) {
            hazard = hazard > by->least[stage] ? hazard : by->least[stage];
            lost = lost < by->supervised_loss ? lost : by->supervised_loss;
        }
        hazard = hazard < 1.0 ? hazard : 1.0;
        found[i] = stage == GROUND ? hazard * ready[place] : hazard;
        found[n + i] = leader >= 0 && (of->fell[leader] >= 0 || of->gone[leader] >= 0) ? by->alone : lost;
    }
}

/* Who advances, falls away and waits, `found` (3, n), given the logs of what is left by the hazards of advance and of loss,
   `left` (2, n), below zero; `gathered` (2, n) takes the hazards of those that wait. `counts` says how many each are. */
void go_through(const struct table *projects, int64_t n, const int64_t *rows, const double *left, int64_t *found,
                double *gathered, int64_t counts[3])
{
    int64_t *advanced = found, *fallen = found + n, *waiting = found + 2 * n;
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i];
        double more = projects->gathered[row] - left[i], worn = projects->worn[row] - left[n + i];
        if (more > projects->patience[row])
            *advanced++ = row;
        else if (worn > projects->endurance[row])
            *fallen++ = row;
        else {
            int64_t at = waiting - found - 2 * n;
            gathered[at] = more;
            gathered[n + at] = worn;
            *waiting++ = row;
        }
    }
    counts[0] = advanced - found;
    counts[1] = fallen - found - n;
    counts[2] = waiting - found - 2 * n;
}

/* Rows that are neither producing nor fallen; returns their number. */
int64_t still_open(const struct table *of, int64_t n, const int64_t *rows, int64_t *open)
{
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++)
        if (of->fell[rows[i]] < 0 && of->stage[rows[i]] < PRODUCING)
            open[count++] = rows[i];
    return count;
}

/* Relative cost of projects less what they believe of promises, (n,), by the former and the belief of every cell (O, S, P);
   less what they expected where `against` says so. The promise of a year of the holiday over `holiday`, and times `horizon`,
   is a yearly cost. */
void reckoned(const struct table *of, int64_t sectors, int64_t places, int64_t cells, const double *relative,
              const double *belief, double holiday, double horizon, int64_t n, const int64_t *rows, int64_t against, double *out)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], at = ((int64_t)of->origin[row] * sectors + of->sector[row]) * places + of->place[row];
        double output = of->output[row] > 1e-12 ? of->output[row] : 1e-12;
        double worth = horizon * (of->upfront[row] + of->yearly[row] / holiday) / output;
        at += at < 0 ? cells : 0; /* without an origin: as numpy counts from the end */
        out[i] = relative[at] - belief[at] * worth;
        if (against)
            out[i] -= of->expected[row];
    }
}

struct changes {
    const double *expansion, *departure; /* (P,) */
    double grows, parts, cliff;          /* quarterly hazards, and by what the end of a holiday multiplies the latter */
    int64_t quarter, holiday, window, expanded;
};

/* Hazards of expanding and of parting that plants have gathered, each (n,), given by what costs strain them, (n,). */
void change(const struct table *of, const struct changes *by, int64_t n, const int64_t *rows, const double *strain,
            double *growth, double *parting)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], place = of->place[row], ended = of->dates[PRODUCING * of->room + row] + by->holiday;
        int after = of->yearly[row] > 0 && by->quarter >= ended && by->quarter < ended + by->window;
        double more = of->kind[row] != by->expanded ? by->grows * by->expansion[place] / strain[i] : 0.0;
        growth[i] = of->gathered[row] + more;
        parting[i] = of->worn[row] + by->parts * by->departure[place] * strain[i] * (after ? by->cliff : 1.0);
    }
}

/* Plants of the classes `large` and above that some function may still follow, and the hazard of the next that they have
   gathered: a quarterly one by depth (S, P) and what talent and nearness leave of it (O, P). Returns their number. */
int64_t functions(const struct table *of, int64_t places, int64_t large, int64_t leads, int64_t branch, double hazard,
                  const double *depth, const double *near, int64_t n, const int64_t *rows, int64_t *some, double *gathered)
{
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], place = of->place[row];
        if (of->kind[row] != branch || (of->firm_class[row] != large && of->firm_class[row] != leads))
            continue;
        if (of->research[row] >= 0 && of->sales[row] >= 0 && of->headquarters[row] >= 0)
            continue;
        double pull = hazard * depth[of->sector[row] * places + place] * near[of->origin[row] * places + place];
        gathered[count] = of->function_gathered[row] + pull;
        some[count++] = row;
    }
    return count;
}

struct suppliers {
    int64_t leads, first, last;  /* class of leaders; quarters from which to which their projects have broken ground */
    const int64_t *rows, *begin; /* suppliers by customer, and where those of each firm begin, (F + 1,) */
    const uint8_t *settled;      /* (F,), as what follows */
    const double *weight, *pending, *at_start;
    double dust;                 /* part of the weight at the start below which an agent stands for no firm */
};

/* Which of the first projects (n,) call suppliers, those that `suppliers` counts in all: their rows; returns their number. */
int64_t calling(const struct table *of, const struct suppliers *by, int64_t n, int64_t *rows, int64_t *suppliers)
{
    int64_t leads = 0, count = 0; /* few are leaders', so that these are picked out first */
    for (int64_t row = 0; row < n; row++) {
        rows[leads] = row;
        leads += of->firm_class[row] == by->leads;
    }
    for (int64_t i = 0; i < leads; i++) {
        int64_t row = rows[i], firm = of->firm[row], began = of->dates[GROUND * of->room + row];
        if (began < by->first || began > by->last || of->fell[row] >= 0 || of->kind[row] >= STATE || of->gone[row] >= 0)
            continue;
        *suppliers += by->begin[firm + 1] - by->begin[firm];
        rows[count++] = row;
    }
    return count;
}

/* Pairs of a supplier that is free and of a project in `rows` (m,) that calls it and that it has not followed, among the first
   (n,): their number. They rise by project and then by supplier, so that one is found by halving. */
int64_t called(const struct table *of, const struct suppliers *by, int64_t m, const int64_t *rows, int64_t n,
               int64_t *supplier, int64_t *leader)
{
    int64_t pairs = 0, left = 0;
    for (int64_t i = 0; i < m; i++)
        for (int64_t at = by->begin[of->firm[rows[i]]]; at < by->begin[of->firm[rows[i]] + 1]; at++) {
            int64_t firm = by->rows[at];
            supplier[pairs] = firm, leader[pairs] = rows[i];
            pairs += by->settled[firm] && by->weight[firm] - by->pending[firm] > by->dust * by->at_start[firm];
        }
    uint8_t *followed = calloc(pairs + 1, 1);
    for (int64_t row = 0; pairs && row < n; row++) {
        int64_t led = of->leader[row], firm = of->firm[row], low = 0, high = pairs - 1;
        if (led < leader[0])
            continue;
        while (low < high) {
            int64_t middle = (low + high) / 2;
            if (leader[middle] < led || (leader[middle] == led && supplier[middle] < firm))
                low = middle + 1;
            else
                high = middle;
        }
        followed[low] |= leader[low] == led && supplier[low] == firm;
    }
    for (int64_t i = 0; i < pairs; i++) {
        supplier[left] = supplier[i], leader[left] = leader[i];
        left += !followed[i];
    }
    free(followed);
    return left;
}
