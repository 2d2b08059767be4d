/* Least-cost routes, as relocsim/world/routes.py finds them with scipy: from labels that hold while other edges are there. */

#include <stdint.h>

typedef struct {
    int64_t vertices, sources;
    const int32_t *tail, *head;             /* of each edge; sorted by tail */
    const int32_t *begin;                   /* where the edges that leave each vertex begin, (V + 1) */
    const int32_t *back_begin, *back;       /* edges that lead to each vertex, (V + 1) and (E) */
    const double *cost, *other;             /* of each edge; whole multiples of one small number, so that sums are exact */
    const uint8_t *there, *lost;            /* whether each edge is there; whether it was and is not any more */
    const int32_t *added;                   /* edges that were not there */
    int64_t added_count, any_lost;
    double *to, *beside;                    /* labels, (sources, V): cost, and the other number along the route */
    int32_t *by;                            /* the edge by which it is reached, below 0 for none */
    int32_t *heap, *place;                  /* room, (V) each: vertices to go on from, and where in the heap they are */
    uint8_t *state;                         /* room, (V) */
} Map;

typedef struct {
    const Map *map;
    double *to, *beside;
    int32_t *by;
    int64_t count;
} Row;

static int before(const Row *row, int32_t one, int32_t two)
{
    return row->to[one] < row->to[two] || (row->to[one] == row->to[two] && row->beside[one] < row->beside[two]);
}

static void put(const Row *row, int64_t at, int32_t vertex)
{
    row->map->heap[at] = vertex, row->map->place[vertex] = (int32_t)at;
}

static void rise(const Row *row, int64_t at)
{
    int32_t vertex = row->map->heap[at];
    for (; at > 0 && before(row, vertex, row->map->heap[(at - 1) / 2]); at = (at - 1) / 2)
        put(row, at, row->map->heap[(at - 1) / 2]);
    put(row, at, vertex);
}

static int32_t first(Row *row)
{
    int32_t *heap = row->map->heap, top = heap[0], vertex = heap[--row->count];
    int64_t at = 0, child;
    row->map->place[top] = -1;
    for (; (child = 2 * at + 1) < row->count; at = child) {
        if (child + 1 < row->count && before(row, heap[child + 1], heap[child]))
            child++;
        if (!before(row, heap[child], vertex))
            break;
        put(row, at, heap[child]);
    }
    if (row->count)
        put(row, at, vertex);
    return top;
}

/* Takes an edge if it leads to its head at less cost, or at the same with less of the other number. */
static void take(Row *row, int32_t edge)
{
    const Map *map = row->map;
    int32_t tail = map->tail[edge], head = map->head[edge];
    double to = row->to[tail] + map->cost[edge], beside = row->beside[tail] + map->other[edge];
    if (!(to < row->to[head] || (to == row->to[head] && beside < row->beside[head])))
        return;
    row->to[head] = to, row->beside[head] = beside, row->by[head] = edge;
    if (map->place[head] < 0)
        put(row, row->count++, head);
    rise(row, map->place[head]);
}

enum { UNKNOWN, KEPT, GONE };

/* Forgets the labels whose route leads over a lost edge, and goes on from the others to them. */
static void forget(Row *row)
{
    const Map *map = row->map;
    uint8_t *state = map->state;
    for (int64_t v = 0; v < map->vertices; v++)
        state[v] = UNKNOWN;
    for (int64_t v = 0; v < map->vertices; v++) {
        int32_t at = (int32_t)v;
        while (state[at] == UNKNOWN && row->by[at] >= 0 && !map->lost[row->by[at]])
            at = map->tail[row->by[at]];
        uint8_t found = state[at] != UNKNOWN ? state[at] : row->by[at] < 0 ? KEPT : GONE;
        for (int32_t on = (int32_t)v; on != at; on = map->tail[row->by[on]])
            state[on] = found;
        state[at] = found;
    }
    for (int64_t v = 0; v < map->vertices; v++)
        if (state[v] == GONE)
            row->to[v] = row->beside[v] = 1.0 / 0.0, row->by[v] = -1;
    for (int64_t v = 0; v < map->vertices; v++)
        for (int32_t k = map->back_begin[v]; state[v] == GONE && k < map->back_begin[v + 1]; k++)
            if (map->there[map->back[k]] && state[map->tail[map->back[k]]] == KEPT)
                take(row, map->back[k]);
}

/* Brings the labels of all sources up to date. Where none hold yet (`by` below 0, infinite but at the sources), all are found;
   `sources` are then the vertices to begin at, and NULL otherwise. */
void routes(const Map *map, const int32_t *sources)
{
    for (int64_t s = 0; s < map->sources; s++) {
        Row row = {map, map->to + s * map->vertices, map->beside + s * map->vertices, map->by + s * map->vertices, 0};
        for (int64_t v = 0; v < map->vertices; v++)
            map->place[v] = -1;
        if (sources)
            put(&row, row.count++, sources[s]);
        if (map->any_lost)
            forget(&row);
        for (int64_t k = 0; k < map->added_count; k++)
            take(&row, map->added[k]);
        while (row.count) {
            int32_t tail = first(&row);
            for (int32_t edge = map->begin[tail]; edge < map->begin[tail + 1]; edge++)
                if (map->there[edge])
                    take(&row, edge);
        }
    }
}
