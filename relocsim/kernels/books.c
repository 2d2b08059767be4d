/* Entries that settlement makes row by row: relocsim/phases/settlement.py. Each column gets its sums in the order of rows. */

#include "projects.h"

enum { FACTORS = 3, LEADER = 3, STATE = 3, EXPANSION = 4 };

struct books {
    int64_t places, sectors;
    const int64_t *origins;                                         /* places of the origins */
    const double *land_use, *floor_use, *workers, *capital_ratio, *tax; /* by sector */
    const double *factor_use;                                       /* (3, S) */
    double *output, *jobs, *land_used, *floor_used, *factor_used;   /* (P, S), (P,) thrice, (3, P) */
    double *stage_money, *stage_firms, *tax_base;                   /* (stages, P) twice, (P,) */
    double *due, *refunds, *plants, *plants_output, *leaders;       /* (O, S, P) four times, (P, S) */
    const int16_t *origin, *sector;                                 /* of firms */
    const double *made;
    const uint8_t *rents;
};

static void use(const struct books *of, int64_t place, int64_t sector, double output)
{
    for (int k = 0; k < FACTORS; k++)
        of->factor_used[k * of->places + place] += output * of->factor_use[k * of->sectors + sector];
}

/* Land, floor and factors of projects are reserved, or given back where the sign is -1. */
void occupy(const struct books *of, const struct columns *table, int64_t n, const int64_t *rows, double sign)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], place = table->place[row], sector = table->sector[row];
        double output = table->output[row];
        of->land_used[place] += sign * (table->rents[row] ? 0.0 : output * of->land_use[sector]);
        of->floor_used[place] += sign * (table->rents[row] ? output * of->floor_use[sector] : 0.0);
        use(of, place, sector, sign * output);
    }
}

/* Projects, expansions apart, count with their money and firms at the stage that they have reached. */
void count(const struct books *of, const struct columns *table, int64_t n, const int64_t *rows)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], at = table->stage[row] * of->places + table->place[row];
        if (table->kind[row] == EXPANSION)
            continue;
        of->stage_money[at] += table->output[row] * of->capital_ratio[table->sector[row]];
        of->stage_firms[at] += table->firms[row];
    }
}

/* So many firms of each agent are added at their origin, or taken away where they are below zero. */
void at_home(const struct books *of, int64_t n, const int64_t *agents, const double *firms)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t agent = agents[i], place = of->origins[of->origin[agent]], sector = of->sector[agent];
        double output = firms[i] * of->made[agent], rents = of->rents[agent];
        of->output[place * of->sectors + sector] += output;
        of->jobs[place] += output * of->workers[sector];
        of->land_used[place] += output * of->land_use[sector] * (1 - rents);
        of->floor_used[place] += output * of->floor_use[sector] * rents;
        use(of, place, sector, output);
    }
}

/* Plants open: output, jobs and tax at the place, incentives due, what came from where. */
void open_plants(const struct books *of, const struct columns *table, int64_t n, const int64_t *rows)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], place = table->place[row], sector = table->sector[row], kind = table->kind[row];
        int64_t cell = (table->origin[row] * of->sectors + sector) * of->places + place;
        double output = table->output[row];
        of->output[place * of->sectors + sector] += output;
        of->jobs[place] += output * of->workers[sector];
        of->tax_base[place] += output * of->tax[sector];
        if (kind == STATE)
            continue;
        of->due[cell] += table->upfront[row];
        of->refunds[cell] += table->yearly[row];
        of->plants[cell] += table->firms[row];
        of->plants_output[cell] += output;
        if (table->firm_class[row] == LEADER && kind != EXPANSION)
            of->leaders[place * of->sectors + sector] += 1.0;
    }
}
