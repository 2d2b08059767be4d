/* Entries that settlement makes row by row: relocsim/phases/settlement.py. Each column gets its sums in the order of rows. */

#include "books.h"
#include "claim.h"

enum { STAY, ABROAD, CLOSE };

/* Land, floor and factors of projects are reserved, or given back where the sign is -1. */
void occupy(const struct books *of, const struct table *projects, int64_t n, const int64_t *rows, double sign)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], place = projects->place[row];
        of->land_used[place] += sign * land(of, projects, row);
        of->floor_used[place] += sign * floor_space(of, projects, row);
        use(of, place, projects->sector[row], sign * projects->output[row]);
    }
}

/* A project, expansions apart, counts with its money and firms at the stage that it has reached. */
static void count(const struct books *of, const struct table *projects, int64_t row)
{
    int64_t at = projects->stage[row] * of->places + projects->place[row];
    if (projects->kind[row] == EXPANSION)
        return;
    of->stage_money[at] += projects->output[row] * of->capital_ratio[projects->sector[row]];
    of->stage_firms[at] += projects->firms[row];
}

static void enter(const struct books *of, struct table *projects, int64_t row, int stage, int64_t quarter)
{
    projects->stage[row] = stage;
    projects->dates[stage * projects->room + row] = quarter;
    count(of, projects, row);
}

/* New projects begin at a later stage, which counts as having gone through those before. */
void stand_by(const struct books *of, struct table *projects, int64_t n, const int64_t *rows, int64_t stage, int64_t quarter)
{
    for (int64_t i = 0; i < n; i++)
        for (int before = 0; before <= stage; before++)
            enter(of, projects, rows[i], before, quarter);
}

/* Firms of an agent are added at its origin, or taken away where they are below zero. */
static void at_home(const struct books *of, int64_t agent, double firms)
{
    int64_t place = of->origins[of->origin[agent]], sector = of->sector[agent];
    double output = firms * of->made[agent], rents = of->rents[agent];
    of->output[place * of->sectors + sector] += output;
    of->jobs[place] += output * of->workers[sector];
    of->land_used[place] += output * of->land_use[sector] * (1 - rents);
    of->floor_used[place] += output * of->floor_use[sector] * rents;
    use(of, place, sector, output);
}

/* Firms are taken off an agent's weight; what rounding leaves of an agent that is gone is nothing. */
static void take(const struct books *of, int64_t agent, double firms)
{
    double left = of->weight[agent] - firms;
    of->weight[agent] = left < of->dust ? 0.0 : left;
}

struct agreed { /* claims that are admitted, (n,), and who makes them */
    const struct claim *claims; /* by agents' positions among those under review */
    const int64_t *firm, *follows; /* rows of the population and of leaders' projects, by firm under review */
    const double *mass, *upfront, *yearly; /* by firm under review; promised, (S, Z, P) twice */
};

/* Projects of admitted claims, from row `first` on: what each is, and what it ties up until it produces or falls away. */
void engage(const struct books *of, struct table *to, const struct agreed *by, int64_t n, int64_t first, int64_t quarter)
{
    for (int64_t i = 0; i < n; i++) {
        const struct claim *claim = by->claims + i;
        int64_t agent = claim->agent, firm = by->firm[agent], place = claim->place, branch = claim->kind == BRANCH;
        int64_t row = first + i, sector = of->sector[firm], kind = of->firm_class[firm];
        int64_t terms = (sector * of->classes + kind) * of->places + place;
        double firms = claim->share * by->mass[agent], output = firms * of->made[firm] * (branch ? of->branch_share : 1.0);
        double upfront = by->upfront[terms] * output / 100, yearly = by->yearly[terms] * output / 100;
        to->uid[row] = derived(of->uid[firm], quarter);
        to->firm[row] = firm, to->origin[row] = of->origin[firm], to->place[row] = place, to->sector[row] = sector;
        to->firm_class[row] = kind, to->kind[row] = claim->kind, to->rents[row] = of->rents[firm];
        to->firms[row] = firms, to->output[row] = output, to->upfront[row] = upfront, to->yearly[row] = yearly;
        to->leader[row] = by->follows[agent];
        of->promised[place] += upfront + yearly * of->holiday_years;
        of->open_projects[firm] += 1;
        if (branch)
            of->rests_until[firm] = quarter + of->rest;
        else
            of->pending[firm] += firms;
    }
    for (int64_t row = first; row < first + n; row++)
        if (to->leader[row] >= 0)
            stand_by(of, to, 1, &row, HONOURED, quarter);
    for (int64_t row = first; row < first + n; row++)
        if (to->leader[row] < 0)
            count(of, to, row);
    for (int64_t row = first; row < first + n; row++)
        occupy(of, to, 1, &row, 1.0);
}

/* What the part of each firm that places nothing does instead, as `outside` says: it leaves, or settles at home. */
void stay_or_leave(const struct books *of, int64_t n, const int64_t *firm, const int64_t *outside, const double *rest)
{
    for (int option = ABROAD; option <= CLOSE; option++)
        for (int64_t i = 0; i < n; i++)
            if (outside[i] == option && rest[i] > 0) {
                (option == ABROAD ? of->abroad : of->closed)[firm[i]] += rest[i];
                take(of, firm[i], rest[i]);
                if (of->settled[firm[i]])
                    at_home(of, firm[i], -rest[i]);
            }
    for (int64_t i = 0; i < n; i++)
        if (outside[i] == STAY && rest[i] > 0 && !of->settled[firm[i]]) {
            of->settled[firm[i]] = 1;
            at_home(of, firm[i], of->weight[firm[i]] - of->pending[firm[i]]);
        }
}

static void open_plant(const struct books *of, const struct table *projects, int64_t row)
{
    int64_t place = projects->place[row], sector = projects->sector[row], at = cell(of, projects, row);
    double output = projects->output[row];
    of->output[place * of->sectors + sector] += output;
    of->jobs[place] += output * of->workers[sector];
    of->tax_base[place] += output * of->tax[sector];
    if (projects->kind[row] == STATE)
        return;
    of->due[at] += projects->upfront[row];
    of->refunds[at] += projects->yearly[row];
    of->plants[at] += projects->firms[row];
    of->plants_output[at] += output;
    if (projects->firm_class[row] == LEADER && projects->kind[row] != EXPANSION)
        of->leaders[place * of->sectors + sector] += 1.0;
}

/* The price of land, yuan/m2, is paid where ground is broken. */
void sell_land(const struct books *of, const struct table *projects, int64_t n, const int64_t *rows, const double *price)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t place = projects->place[rows[i]];
        of->treasury[place] += land(of, projects, rows[i]) * 1e4 * price[place] / 1e8;
    }
}

/* Projects pass to the next stage, where nothing has gathered; plants open. Those of firms go to `opened`, whose number is returned. */
int64_t advance(const struct books *of, struct table *projects, int64_t n, const int64_t *rows, const double *price,
                int64_t quarter, int64_t *opened)
{
    int64_t plants = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i];
        enter(of, projects, row, projects->stage[row] + 1, quarter);
        projects->gathered[row] = projects->worn[row] = 0.0;
        if (projects->stage[row] == GROUND)
            sell_land(of, projects, 1, &row, price);
        if (projects->stage[row] != PRODUCING)
            continue;
        open_plant(of, projects, row);
        if (projects->kind[row] != STATE)
            opened[plants++] = row;
    }
    return plants;
}

/* The firms of a project are free again, whether it has opened or fallen away. */
static void release(const struct books *of, const struct table *projects, int64_t row)
{
    of->open_projects[projects->firm[row]] -= 1;
    if (projects->kind[row] != BRANCH)
        of->pending[projects->firm[row]] -= projects->firms[row];
}

/* Firms whose plants have opened: full movers leave their origin. */
void arrive(const struct books *of, const struct table *projects, int64_t n, const int64_t *rows)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], firm = projects->firm[row], kind = projects->kind[row];
        double firms = projects->firms[row];
        release(of, projects, row);
        if (kind == BRANCH) {
            of->branches[firm] += firms;
            continue;
        }
        of->moved[firm] += firms;
        take(of, firm, firms);
        if (kind == MOVE)
            at_home(of, firm, -firms);
    }
}

/* Projects fall away: room is given back; of new firms those of studied origins settle at home, others give up. */
void fall(const struct books *of, struct table *projects, int64_t n, const int64_t *rows, int64_t quarter)
{
    occupy(of, projects, n, rows, -1.0);
    for (int64_t i = 0; i < n; i++) {
        int64_t row = rows[i], firm = projects->firm[row], origin = projects->origin[row];
        projects->fell[row] = quarter;
        if (projects->kind[row] == STATE)
            continue;
        release(of, projects, row);
        if (projects->kind[row] != ENTRY)
            continue;
        if (origin >= 0 && of->studied[origin]) {
            of->settled[firm] = 1;
            at_home(of, firm, projects->firms[row]);
        } else {
            of->closed[firm] += projects->firms[row];
            take(of, firm, projects->firms[row]);
        }
    }
}
