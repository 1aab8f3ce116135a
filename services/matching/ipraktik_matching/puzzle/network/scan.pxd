# Types of scan.py for Cython; without Cython nobody reads this file.
cimport cython

ctypedef int Index
ctypedef long long Whole
ctypedef unsigned long long Bits

@cython.locals(found=Index, full=Bits, many=Index, size=Index, luck=Whole, row=Index, place=Index, points=Whole, least=Whole,
               at=Index, days=Whole, fit=Whole, meets=Index, member=Index, one=Index, worth=Whole, owed=Whole, mixed=Bits)
cpdef long long climb(Index start, Index rows, Index places, const int[::1] begin, const int[::1] work, const int[::1] home,
                      const long long[::1] could, const int[::1] host, const int[::1] day, const int[::1] of_field,
                      const int[::1] of_sector, const int[::1] of_area, const int[::1] house_of, const long long[::1] cost,
                      const unsigned long long[::1] host_seed, Index works, const int[::1] by_work, Index homes,
                      const int[::1] by_home, Index kinds, const int[::1] by_days, const int[::1] base,
                      const long long[::1] wanted, const long long[::1] price, Index pair, const int[::1] field,
                      const int[::1] sector, const int[::1] area, const int[::1] house, const int[::1] asked,
                      const unsigned long long[::1] seed, Index fields, const int[::1] by_field, Index sectors,
                      const int[::1] by_sector, Index areas, const int[::1] by_area, const int[::1] wish, Whole times,
                      Whole step, Whole scale, Whole lots, int[::1] out_row, int[::1] out_host, long long[::1] ended) except? -2
