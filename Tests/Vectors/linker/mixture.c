#include "althing.h"
#include <string.h>
// A mixture of everything a compiler makes of C, folded into one word. qemu-riscv64-static 7.2 (Debian 12), with the
// same sources and -DQEMU, writes the bytes 92feba87103aa103.
//   mixture-executable.elf: clang -march=rv64emc_zbb_zicond -mabi=lp64e -Os, ld.lld --gc-sections --no-relax --emit-relocs
//   mixture-plain.elf: the same with -march=rv64em
//   mixture-relocatable.elf: -O3 -mcmodel=medany -fPIC -mrelax, ld.lld -r
// each with start.c, memory.c and divide.c of guest/runtime, by the Swift 6.3.1 toolchain.
static uint64_t acc = 14695981039346656037u;
static void mix(uint64_t v){ acc = (acc ^ v) * 1099511628211u; acc ^= acc >> 29; }
typedef uint64_t (*fn)(uint64_t,uint64_t);
static uint64_t f0(uint64_t a,uint64_t b){return a+b;} static uint64_t f1(uint64_t a,uint64_t b){return a*b-3;} static uint64_t f2(uint64_t a,uint64_t b){return b?a/b:7;} static uint64_t f3(uint64_t a,uint64_t b){return (int64_t)a>>(b&63);}
static fn const table[4]={f0,f1,f2,f3};
static fn wtable[4]={f3,f2,f1,f0};
struct s { uint8_t a; int16_t b; int32_t c; uint64_t d; const char *n; } st[3]={{1,-2,-3,4,"one"},{5,-600,70000,8,"two"},{250,32767,-2147483647-1,~0ull,"three"}};
__attribute__((noinline)) uint64_t sw(uint64_t x){ switch(x){case 0:return 5;case 1:mix(x);return 77;case 2:return x*x;case 3:return f1(x,x);case 4:mix(9);mix(8);return 1;case 5:return ~x;case 6:return x<<40;case 7:mix(3);return 3;default:return 9;} }
__attribute__((noinline)) int64_t imax(int64_t a){ return a>0?a:0; }
__attribute__((noinline)) int64_t imin(int64_t a){ return a<0?a:0; }
__attribute__((noinline)) uint64_t sel(uint64_t c,uint64_t a,uint64_t b){ return c?a:b; }
uint64_t fib(uint64_t n){return n<2?n:fib(n-1)+fib(n-2);}
volatile uint64_t zero=0;
int main(void){
  uint64_t x=0x9E3779B97F4A7C15u;
  for(int i=0;i<2000;i++){ x^=x<<13;x^=x>>7;x^=x<<17;
    uint64_t y=x*0x2545F4914F6CDD1Du, z=y>>(x&63);
    mix(table[i&3](x,z)); mix(wtable[x&3](z,y)); mix(sw(i%11)); mix(imax(x)); mix(imin(y)); mix(sel(x&1,y,z));
    mix(x/(z|1)); mix(x%(z|1)); mix((int64_t)x/(int64_t)(z|1)); mix((int64_t)x%(int64_t)(y|1));
    mix((uint32_t)x/((uint32_t)z|1)); mix((int32_t)x/((int32_t)y|1)); mix((int32_t)x%((int32_t)z|1)); mix((uint32_t)y%((uint32_t)x|1));
    mix(x/zero); mix((int32_t)x%(int32_t)zero); mix((uint64_t)(((unsigned __int128)x*y)>>64)); mix((uint64_t)(((__int128)(int64_t)x*(int64_t)y)>>64));
    mix(__builtin_clzll(x|1)); mix(__builtin_ctzll(x|(1ull<<63))); mix(__builtin_popcountll(x)); mix(__builtin_popcount(x)); mix(__builtin_clz((uint32_t)x|1)); mix(__builtin_bswap64(x)); mix(__builtin_bswap32(x));
    mix(x<<(y&63)|x>>(-y&63)); mix((uint32_t)x<<(y&31)|(uint32_t)x>>(-y&31)); mix((int8_t)x); mix((int16_t)y); mix((uint16_t)z); mix(x&~y); mix(x|~z); mix(~(x^y));
    mix((int64_t)x<(int64_t)y?x:y); mix(x>y?x:y); mix((int64_t)x<(int64_t)z); mix(x<z);
    struct s *p=&st[x%3]; mix(p->a);mix(p->b);mix(p->c);mix(p->d);mix(p->n[1]); p->d^=x; p->b+=3; p->c-=7; p->a*=5;
    mix((uint64_t)(((unsigned __int128)x<<64|y)/((unsigned __int128)z<<3|1)));
  }
  char buf[100]; memset(buf,7,100); memcpy(buf+3,"hello world hello world",20); memmove(buf+1,buf+3,50); mix(memcmp(buf,buf+9,30)>0); for(int i=0;i<100;i++)mix(buf[i]);
  mix(fib(15));
#ifdef QEMU
  register long nr __asm__("t0")=64; register long a0 __asm__("a0")=1; register uint64_t*a1 __asm__("a1")=&acc; register long a2 __asm__("a2")=8; __asm__ volatile("ecall":"+r"(a0):"r"(nr),"r"(a1),"r"(a2):"memory");
#else
  althing_write(acc);
#endif
  return 0;
}
