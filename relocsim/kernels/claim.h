/* A request of a firm for room in a place: relocsim/phases/claims.py. */

#include <stdint.h>

struct claim { /* `claims.CLAIM` */
    int64_t agent, rank, place, market, kind, sector;
    double share, need, output, score, tie;
    uint8_t whole, first;
};
