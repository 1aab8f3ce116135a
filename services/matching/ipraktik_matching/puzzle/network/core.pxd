# Types of core.py for Cython; without Cython nobody reads this file.
# Counts and places are 32 bits, worth and prices 64: some 2**21 persons and hosts with worth below 2**41 stay within both.
cimport cython

ctypedef int Index
ctypedef long long Whole

@cython.locals(people=Index, seated=Index, a=Index, b=Index, arc=Index, slot=Index, other=Index, head=Index, tail=Index,
               deepest=Index, root=Index, depth=Index)
cpdef int most(const int[::1] first, const int[::1] to, const int[::1] room, int[::1] at, int[::1] seat, int[::1] level,
               int[::1] queue, int[::1] here, int[::1] slots) except? -1

@cython.locals(a=Index, b=Index, arc=Index, slot=Index, other=Index, head=Index, tail=Index)
cpdef void scarce(const int[::1] first, const int[::1] to, const int[::1] at, const int[::1] seat, int[::1] left,
                  int[::1] full, int[::1] queue) noexcept

@cython.locals(many=Index, arc=Index, a=Index, b=Index, place=Index)
cpdef void turned(const int[::1] first, const int[::1] to, const long long[::1] worth, int[::1] from_b, int[::1] to_a,
                  long long[::1] worth_a) noexcept
