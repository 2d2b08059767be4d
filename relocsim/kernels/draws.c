/* Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011), as relocsim/streams.py has it on whole arrays. */

#include <stdint.h>

const char sources[] = SOURCES; /* digest of these files, so that a library that is not of them is not used */

static void philox(uint32_t c[4], uint32_t key0, uint32_t key1)
{
    for (int turn = 0; turn < 10; turn++) {
        uint64_t one = (uint64_t)c[0] * 0xD2511F53u, two = (uint64_t)c[2] * 0xCD9E8D57u;
        uint32_t next0 = (uint32_t)(two >> 32) ^ c[1] ^ key0, next2 = (uint32_t)(one >> 32) ^ c[3] ^ key1;
        c[0] = next0, c[1] = (uint32_t)two, c[2] = next2, c[3] = (uint32_t)one;
        key0 += 0x9E3779B9u, key1 += 0xBB67AE85u;
    }
}

/* Four uniforms an address, written to `out` (4, n). `places` and `moments` hold one number for all (step 0) or n (step 1). */
void lanes(int64_t n, const uint64_t *uid, const uint64_t *places, int64_t place_step, const uint64_t *moments,
           int64_t moment_step, uint32_t key0, uint32_t key1, double *out)
{
    for (int64_t i = 0; i < n; i++) {
        uint32_t c[4] = {(uint32_t)uid[i], (uint32_t)(uid[i] >> 32), (uint32_t)places[i * place_step],
                         (uint32_t)moments[i * moment_step]};
        philox(c, key0, key1);
        for (int lane = 0; lane < 4; lane++)
            out[lane * n + i] = ((double)c[lane] + 0.5) * 0x1p-32;
    }
}
