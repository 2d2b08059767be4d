/* Who asks for room and what there is, for admission.c and rationing.c. */

#include <stdint.h>

enum { SPACES = 2, FACTORS = 3, RESOURCES = SPACES + FACTORS };

struct claim { /* `claims.CLAIM` */
    int64_t agent, rank, place, market, kind, sector;
    double share, need, output, score, tie;
    uint8_t whole, first;
};

struct applicants { /* by agent (m,) unless said otherwise */
    int64_t agents, places, sectors;
    const struct claim *blank;
    const double *mass;         /* firms that it stands for */
    const float *value;         /* (m, P) */
    const uint8_t *unfit;       /* (2, S, P) */
    const double *score;        /* (2, S, P) */
    const double *chance;       /* of branching, (O, S, P) */
    const double *capital_ratio; /* (S,) */
    const int16_t *origin;
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

/* What the agent behind a claim takes of a factor, as far as the claim goes. */
static inline double takes_of(const struct applicants *of, const struct vacancy *vacancy, int factor,
                              const struct claim *claim)
{
    return vacancy->factor_use[factor * of->sectors + claim->sector] * claim->output * claim->share;
}

int grant(const struct applicants *of, const struct vacancy *vacancy, const struct claim *claims, const int64_t *asking,
          int64_t n, double *granted);
