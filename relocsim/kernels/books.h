/* What entries are made in, and what settlement (books.c) and aftermath (aftermath.c) share. */

#include "projects.h"

enum { FACTORS = 3, LEADER = 3 };

struct books {
    int64_t places, sectors, classes, rest, holiday; /* the last two in quarters: of firms that branch, of incentives */
    const int64_t *origins;                                             /* places of the origins */
    const uint8_t *studied;                                             /* whether firms of these are under study */
    const double *land_use, *floor_use, *workers, *capital_ratio, *tax; /* by sector */
    const double *factor_use;                                           /* (3, S) */
    double branch_share, holiday_years, function_jobs, function_tax, shrunk, dust;
    /* what firms are */
    const uint64_t *uid;
    const int16_t *origin, *sector;
    const int8_t *firm_class;
    const double *made;
    const uint8_t *rents;
    /* the state of places: (P, S), (P,) thrice, (3, P); (stages, P) twice, (P,) four times; (O, S, P) four times, (P, S) */
    double *output, *jobs, *land_used, *floor_used, *factor_used;
    double *stage_money, *stage_firms, *tax_base, *promised, *treasury, *left;
    double *due, *refunds, *plants, *plants_output, *leaders;
    /* and of firms */
    double *weight, *pending, *branches, *abroad, *closed, *moved;
    int16_t *open_projects, *rests_until;
    uint8_t *settled;
};

static inline int64_t cell(const struct books *of, const struct table *projects, int64_t row)
{
    return (projects->origin[row] * of->sectors + projects->sector[row]) * of->places + projects->place[row];
}

static inline void use(const struct books *of, int64_t place, int64_t sector, double output)
{
    for (int k = 0; k < FACTORS; k++)
        of->factor_used[k * of->places + place] += output * of->factor_use[k * of->sectors + sector];
}

static inline double land(const struct books *of, const struct table *projects, int64_t row)
{
    return projects->rents[row] ? 0.0 : projects->output[row] * of->land_use[projects->sector[row]];
}

static inline double floor_space(const struct books *of, const struct table *projects, int64_t row)
{
    return projects->rents[row] ? projects->output[row] * of->floor_use[projects->sector[row]] : 0.0;
}

static inline uint64_t mixed(uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

/* The identity that comes of one and a salt, as in relocsim/streams.py. */
static inline uint64_t derived(uint64_t identity, int64_t salt)
{
    return mixed(identity ^ mixed(salt + 0x9E3779B97F4A7C15u));
}
