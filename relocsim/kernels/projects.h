/* The table of projects, column by column: relocsim/world/projects.py. */

#include <stdint.h>

enum { INTENTION, SIGNED, HONOURED, GROUND, PRODUCING, STAGES };
enum { BRANCH, MOVE, ENTRY, STATE, EXPANSION };

struct table {
    uint64_t *uid;
    int32_t *firm;
    int16_t *origin, *place, *sector;
    int8_t *firm_class, *kind;
    uint8_t *rents;
    double *firms, *output, *upfront, *yearly;
    double *luck, *endurance, *patience, *gathered, *worn;
    int8_t *stage;
    int16_t *fell; /* quarters, as `gone` and those of functions and stages */
    int32_t *leader;
    double *expected, *running;
    int16_t *gone, *expansions;
    double *function_patience, *function_gathered;
    int16_t *research, *sales, *headquarters;
    int16_t *dates; /* (STAGES, room) */
    int64_t room;
};
