/* Entries that settled plants make row by row: relocsim/phases/aftermath.py. Each column gets its sums in the order of rows. */

#include "books.h"

/* Plants have gathered hazards of growth and of parting, (n,), and those in `some` of a function, (m,): `found` (4, n) are
   those whose function is due, that shrink, that leave and that would grow, `counts` how many. A plant that is whole may
   shrink where it would leave, as its luck has it. */
void stir(struct table *projects, int64_t n, const int64_t *rows, const double *growth, const double *parting, int64_t m,
          const int64_t *some, const double *following, double shrink_share, int64_t *found, int64_t counts[4])
{
    int64_t *due = found, *shrinking = found + n, *leaving = found + 2 * n, *growing = found + 3 * n;
    for (int64_t i = 0; i < m; i++) {
        projects->function_gathered[some[i]] = following[i];
        if (following[i] > projects->function_patience[some[i]])
            *due++ = some[i];
    }
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i];
        int parts = parting[i] > projects->endurance[row];
        int shrinks = parts && projects->running[row] == 1 && projects->luck[row] < shrink_share;
        projects->gathered[row] = growth[i];
        projects->worn[row] = parting[i];
        if (shrinks)
            *shrinking++ = row;
        else if (parts)
            *leaving++ = row;
        if (growth[i] > projects->patience[row] && (!parts || shrinks))
            *growing++ = row;
    }
    counts[0] = due - found;
    counts[1] = shrinking - found - n;
    counts[2] = leaving - found - 2 * n;
    counts[3] = growing - found - 3 * n;
}

/* A part of a plant's capacity is taken out of its place: output, jobs, tax, room, what is still due of incentives. */
static void take_out(const struct books *of, const struct table *projects, int64_t row, double part, int64_t quarter)
{
    int64_t place = projects->place[row], sector = projects->sector[row], at = cell(of, projects, row);
    double output = projects->output[row] * part;
    of->output[place * of->sectors + sector] -= output;
    of->plants_output[at] -= output;
    of->jobs[place] -= output * of->workers[sector];
    of->tax_base[place] -= output * of->tax[sector];
    of->land_used[place] -= land(of, projects, row) * part;
    of->floor_used[place] -= floor_space(of, projects, row) * part;
    use(of, place, sector, -output);
    if (projects->dates[PRODUCING * projects->room + row] + of->holiday >= quarter)
        of->refunds[at] -= projects->yearly[row] * part;
}

void shrink(const struct books *of, struct table *projects, int64_t n, const int64_t *rows, int64_t quarter)
{
    for (int64_t i = 0; i < n; i++) {
        take_out(of, projects, rows[i], 1 - of->shrunk, quarter);
        projects->running[rows[i]] = of->shrunk;
        projects->worn[rows[i]] = 0.0;
    }
}

static int there(const struct table *projects, int64_t row)
{
    return (projects->research[row] >= 0) + (projects->sales[row] >= 0) + (projects->headquarters[row] >= 0);
}

/* Functions move to plants, one to each, or all go home: jobs and tax change at the places, then at the origins. */
static void move_functions(const struct books *of, const struct table *projects, int64_t n, const int64_t *rows, int home)
{
    for (int at_origin = 0; at_origin < 2; at_origin++)
        for (int64_t i = 0; i < n; i++) {
            int64_t row = rows[i], sector = projects->sector[row];
            int64_t place = at_origin ? of->origins[projects->origin[row]] : projects->place[row];
            double count = home ? -(double)there(projects, row) : 1.0, sign = at_origin ? -1.0 : 1.0;
            double output = projects->output[row] * count;
            of->jobs[place] += sign * (of->function_jobs * output * of->workers[sector]);
            of->tax_base[place] += sign * (of->function_tax * output * of->tax[sector]);
        }
}

/* The next function follows each plant, or its headquarters before all others; `times` (n,) takes how many have. */
void follow(const struct books *of, struct table *projects, int64_t n, const int64_t *rows, int64_t headquarters,
            int64_t quarter, int64_t *times)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i];
        int16_t *next = projects->research[row] < 0 ? projects->research : projects->sales;
        next = headquarters || next[row] >= 0 ? projects->headquarters : next;
        next[row] = quarter;
        projects->function_gathered[row] = 0.0;
        times[i] = there(projects, row);
    }
    move_functions(of, projects, n, rows, 0);
}

/* Plants go for good, with their functions and their firms. */
void leave(const struct books *of, struct table *projects, int64_t n, const int64_t *rows, int64_t quarter)
{
    move_functions(of, projects, n, rows, 1);
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], firm = projects->firm[row], place = projects->place[row];
        double firms = projects->firms[row];
        take_out(of, projects, row, projects->running[row], quarter);
        projects->running[row] = 0.0;
        projects->gone[row] = quarter;
        of->plants[cell(of, projects, row)] -= firms;
        if (projects->firm_class[row] == LEADER && projects->kind[row] != EXPANSION)
            of->leaders[place * of->sectors + projects->sector[row]] -= 1.0;
        of->left[place] += firms;
        if (projects->kind[row] == BRANCH)
            of->branches[firm] -= firms;
        else {
            of->moved[firm] -= firms;
            of->closed[firm] += firms;
        }
    }
}

struct vacancy { /* what places can still take, and what is asked of it, zero at first: (2P,) land and floor, (3, P) factors */
    const double *spaces, *factors;
    double *asked, *asked_factors;
    double size, least; /* part of a plant that an expansion is; part of that below which there is no room */
};

struct wish {
    int64_t place, sector, market; /* land or floor of the place */
    double output, need;           /* of land or floor */
};

static struct wish wish(const struct books *of, const struct table *projects, int64_t row, double size)
{
    int64_t place = projects->place[row], sector = projects->sector[row], rents = projects->rents[row];
    double output = projects->output[row] * projects->running[row] * size;
    double need = output * (rents ? of->floor_use : of->land_use)[sector];
    return (struct wish){place, sector, 2 * place + rents, output, need};
}

static void ask(const struct books *of, const struct vacancy *by, struct wish one)
{
    by->asked[one.market] += one.need;
    for (int k = 0; k < FACTORS; k++)
        by->asked_factors[k * of->places + one.place] += one.output * of->factor_use[k * of->sectors + one.sector];
}

static double shared(double room, double asked, double need)
{
    double left = room / (asked > 0 ? asked : 1.0);
    return need > 0 && left < 1.0 ? left : 1.0;
}

/* The part of an expansion that finds what it needs: all that ask for the same get the same. */
static double part_of(const struct books *of, const struct vacancy *by, struct wish one)
{
    double part = shared(by->spaces[one.market], by->asked[one.market], one.need);
    for (int k = 0; k < FACTORS; k++) {
        int64_t at = k * of->places + one.place;
        double need = one.output * of->factor_use[k * of->sectors + one.sector];
        double other = shared(by->factors[at], by->asked_factors[at], need);
        part = other < part ? other : part;
    }
    return part;
}

/* Plants expand as far as there is room, which has no end where `by` has no spaces. Those that do go to `grown`, with the
   output that is added; returns their number. */
int64_t grow(const struct books *of, struct table *projects, int64_t n, const int64_t *rows, const struct vacancy *by,
             int64_t *grown, double *output)
{
    int64_t count = 0;
    for (int64_t i = 0; i < n && by->spaces; i++)
        ask(of, by, wish(of, projects, rows[i], by->size));
    for (int64_t i = 0; i < n; i++) {
        struct wish one = wish(of, projects, rows[i], by->size);
        double part = by->spaces ? part_of(of, by, one) : 1.0;
        if (part <= by->least)
            continue;
        projects->gathered[rows[i]] = 0.0;
        projects->expansions[rows[i]] += 1;
        grown[count] = rows[i];
        output[count++] = one.output * part;
    }
    return count;
}

/* Expansions of plants, from row `first` on, which have yet to take room and to break ground. */
void build(const struct books *of, struct table *to, int64_t n, const int64_t *parents, const double *output, int64_t first,
           int64_t quarter)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t parent = parents[i], row = first + i;
        to->uid[row] = derived(to->uid[parent], quarter);
        to->firm[row] = to->firm[parent], to->origin[row] = to->origin[parent], to->place[row] = to->place[parent];
        to->sector[row] = to->sector[parent], to->firm_class[row] = to->firm_class[parent];
        to->rents[row] = to->rents[parent], to->kind[row] = EXPANSION, to->output[row] = output[i];
        of->open_projects[to->firm[row]] += 1;
    }
}
