/* Who asks for room and what there is, for admission.c and rationing.c. */

#include "claim.h"
#include "projects.h"

enum { SPACES = 2, FACTORS = 3, RESOURCES = SPACES + FACTORS };

struct applicants { /* by agent that may go (m,), firm under review (n,) or firm (F,) */
    int64_t agents, places, sectors;
    const int64_t *going; /* position under review, (m,) */
    const float *value;   /* (m, P) */
    const int64_t *firm;  /* (n,), as what follows */
    const uint8_t *entering;
    const double *mode_draw, *tie_draw;
    const double *mass;   /* firms that it stands for */
    const int16_t *origin, *sector; /* (F,), as what follows */
    const int8_t *kind;
    const uint8_t *rents;
    const double *made;   /* output of one firm */
    const double *land_use, *floor_use, *capital_ratio; /* (S,) */
    const uint8_t *unfit; /* (2, S, P) */
    const double *score;  /* (2, S, P) */
    const double *chance; /* of branching, (O, S, P) */
    int64_t leader, leaders_first;
    double branch_share, nothing;
    struct claim *blank;  /* what is the same wherever an agent asks, (m,) */
    int64_t *row;         /* where those of its origin and sector begin in `chance`, (m,) */
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
