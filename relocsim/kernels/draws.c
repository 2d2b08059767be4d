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
                out[lane * n + start + i] = ((double)c[lane][i] + 0.5) * 0x1p-32;
    }
}
