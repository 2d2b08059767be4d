/* Entries that settlement makes row by row: relocsim/phases/settlement.py. Each column gets its sums in the order of rows. */

#include "projects.h"

enum { FACTORS = 3, LEADER = 3 };

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
void occupy(const struct books *of, const struct table *projects, int64_t n, const int64_t *rows, double sign)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], place = projects->place[row], sector = projects->sector[row];
        double output = projects->output[row];
        of->land_used[place] += sign * (projects->rents[row] ? 0.0 : output * of->land_use[sector]);
        of->floor_used[place] += sign * (projects->rents[row] ? output * of->floor_use[sector] : 0.0);
        use(of, place, sector, sign * output);
    }
}

/* Projects, expansions apart, count with their money and firms at the stage that they have reached. */
void count(const struct books *of, const struct table *projects, int64_t n, const int64_t *rows)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], at = projects->stage[row] * of->places + projects->place[row];
        if (projects->kind[row] == EXPANSION)
            continue;
        of->stage_money[at] += projects->output[row] * of->capital_ratio[projects->sector[row]];
        of->stage_firms[at] += projects->firms[row];
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
void open_plants(const struct books *of, const struct table *projects, int64_t n, const int64_t *rows)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], place = projects->place[row], sector = projects->sector[row], kind = projects->kind[row];
        int64_t cell = (projects->origin[row] * of->sectors + sector) * of->places + place;
        double output = projects->output[row];
        of->output[place * of->sectors + sector] += output;
        of->jobs[place] += output * of->workers[sector];
        of->tax_base[place] += output * of->tax[sector];
        if (kind == STATE)
            continue;
        of->due[cell] += projects->upfront[row];
        of->refunds[cell] += projects->yearly[row];
        of->plants[cell] += projects->firms[row];
        of->plants_output[cell] += output;
        if (projects->firm_class[row] == LEADER && kind != EXPANSION)
            of->leaders[place * of->sectors + sector] += 1.0;
    }
}

struct agreed { /* claims that are admitted, and what they become */
    int64_t places, branch, classes;
    uint64_t quarter, rest;
    double branch_share, holiday_years;
    const int64_t *agent, *place, *claimed; /* (n,): among those under review; kind of project */
    const double *share;
    const int64_t *reviewed, *follows;      /* rows of the population and of leaders' projects, by firm under review */
    const double *mass;
    const uint64_t *uid;                    /* of firms */
    const int16_t *origin, *sector;         /* of firms */
    const int8_t *firm_class;
    const uint8_t *rents;
    const double *made, *upfront, *yearly;  /* by firm; promised, (S, Z, P) twice */
    double *promised, *pending;             /* by place; by firm, as the others */
    int16_t *open_projects, *rests_until;
    uint64_t *uids; /* columns of the projects, (n,) */
    int64_t *firms, *origins, *sectors, *kinds, *leaders;
    double *behind, *output, *once, *every_year;
    uint8_t *renting;
};

static uint64_t mixed(uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

/* Projects of admitted claims: their columns, and what they tie up. */
void engage(const struct agreed *of, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t agent = of->agent[i], firm = of->reviewed[agent], place = of->place[i], branch = of->claimed[i] == of->branch;
        int64_t sector = of->sector[firm], kind = of->firm_class[firm];
        int64_t terms = (sector * of->classes + kind) * of->places + place;
        double firms = of->share[i] * of->mass[agent], output = firms * of->made[firm] * (branch ? of->branch_share : 1.0);
        of->uids[i] = mixed(of->uid[firm] ^ mixed(of->quarter + 0x9E3779B97F4A7C15u));
        of->firms[i] = firm;
        of->origins[i] = of->origin[firm];
        of->sectors[i] = sector;
        of->kinds[i] = kind;
        of->leaders[i] = of->follows[agent];
        of->behind[i] = firms;
        of->output[i] = output;
        of->once[i] = of->upfront[terms] * output / 100;
        of->every_year[i] = of->yearly[terms] * output / 100;
        of->renting[i] = of->rents[firm];
        of->promised[place] += of->once[i] + of->every_year[i] * of->holiday_years;
        of->open_projects[firm] += 1;
        if (branch)
            of->rests_until[firm] = (int16_t)of->rest;
        else
            of->pending[firm] += firms;
    }
}
