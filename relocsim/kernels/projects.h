/* The table of projects, column by column: relocsim/world/projects.py. */

#include <stdint.h>

enum { INTENTION, SIGNED, HONOURED, GROUND, PRODUCING };

struct columns { /* of the table of projects */
    const int16_t *origin, *place, *sector;
    const int8_t *kind, *firm_class, *stage;
    const uint8_t *rents;
    const int16_t *fell, *gone;
    const int32_t *leader;
    const double *luck, *output, *upfront, *yearly, *expected;
    const double *gathered, *worn, *patience, *endurance, *function_gathered, *firms;
    const int16_t *research, *sales, *headquarters, *produced; /* quarters */
};
