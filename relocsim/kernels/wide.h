/* A function compiled for the processor's widest registers too, which is chosen when it is loaded; the bits are the same. */

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__gnu_linux__)
#if __GNUC__ >= 12
#define WIDEST "arch=x86-64-v4"
#else
#define WIDEST "avx512f"
#endif
#define WIDE __attribute__((target_clones(WIDEST, "avx2", "default")))
#else
#define WIDE
#endif

/* Memory that is read soon, to be brought near meanwhile. */
#if defined(__GNUC__)
#define fetch(address) __builtin_prefetch(address)
#else
#define fetch(address) ((void)(address))
#endif
