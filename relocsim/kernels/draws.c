/* Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011), as relocsim/streams.py has it on whole arrays. */

#include <stdint.h>

#include "wide.h"

const char sources[] = SOURCES; /* digest of these files, so that a library that is not of them is not used */

#define BLOCK 64 /* addresses at a time, side by side, so that the compiler takes several in one instruction */

static inline void philox(uint32_t c[4][BLOCK], int64_t many, uint32_t key0, uint32_t key1)
{
    for (int turn = 0; turn < 10; turn++) {
        for (int64_t i = 0; i < many; i++) {
            uint64_t one = (uint64_t)c[0][i] * 0xD2511F53u, two = (uint64_t)c[2][i] * 0xCD9E8D57u;
            c[0][i] = (uint32_t)(two >> 32) ^ c[1][i] ^ key0, c[1][i] = (uint32_t)two;
            c[2][i] = (uint32_t)(one >> 32) ^ c[3][i] ^ key1, c[3][i] = (uint32_t)one;
        }
        key0 += 0x9E3779B9u, key1 += 0xBB67AE85u;
    }
}

/* A word as a number strictly inside (0, 1). */
static inline double unit(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}

/* Four uniforms an address, written to `out` (4, n). `places` and `moments` hold one number for all (step 0) or n (step 1). */
WIDE void lanes(int64_t n, const uint64_t *uid, const uint64_t *places, int64_t place_step, const uint64_t *moments,
                int64_t moment_step, uint32_t key0, uint32_t key1, double *out)
{
    uint32_t c[4][BLOCK];
    for (int64_t start = 0; start < n; start += BLOCK) {
        int64_t many = n - start < BLOCK ? n - start : BLOCK;
        for (int64_t i = 0; i < many; i++) {
            uint64_t one = uid[start + i];
            c[0][i] = (uint32_t)one, c[1][i] = (uint32_t)(one >> 32);
            c[2][i] = (uint32_t)places[(start + i) * place_step], c[3][i] = (uint32_t)moments[(start + i) * moment_step];
        }
        philox(c, many, key0, key1);
        for (int lane = 0; lane < 4; lane++)
            for (int64_t i = 0; i < many; i++)
                out[lane * n + start + i] = unit(c[lane][i]);
    }
}

/* The first `wanted` uniforms an address of the grid of `n` identities and `m` places, written to `out` (wanted, n, m). */
WIDE void grid(int64_t n, const uint64_t *uid, int64_t m, const uint64_t *places, int64_t wanted, uint32_t key0,
               uint32_t key1, double *out)
{
    uint32_t c[4][BLOCK];
    int64_t row = 0, column = 0;
    for (int64_t start = 0; start < n * m; start += BLOCK) {
        int64_t many = n * m - start < BLOCK ? n * m - start : BLOCK;
        for (int64_t filled = 0, run; filled < many; filled += run) {
            run = many - filled < m - column ? many - filled : m - column;
            for (int64_t i = filled; i < filled + run; i++) {
                c[0][i] = (uint32_t)uid[row], c[1][i] = (uint32_t)(uid[row] >> 32);
                c[2][i] = (uint32_t)places[column + i - filled], c[3][i] = 0;
            }
            column += run;
            if (column == m)
                row++, column = 0;
        }
        philox(c, many, key0, key1);
        for (int lane = 0; lane < wanted; lane++)
            for (int64_t i = 0; i < many; i++)
                out[lane * n * m + start + i] = unit(c[lane][i]);
    }
}
