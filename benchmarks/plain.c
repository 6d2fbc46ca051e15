/* The plain programs against which kernels.py measures; it compiles them on the spot. */
#include <stdlib.h>
#include <math.h>
#define at(a, i, j) a[(i) * ny + (j)]
static void factorise(int nx, int ny, const double *cap, const double *g, const double *sink, int along_x, double *up,
                      double *inv) {
    for (int i = 0; i < nx; i++) for (int j = 0; j < ny; j++) {
        int first = along_x ? i == 0 : j == 0, last = along_x ? i == nx - 1 : j == ny - 1;
        double after = last ? 0.0 : along_x ? at(g, i + 1, j) : at(g, i, j + 1);
        double pivot = at(cap, i, j) + at(sink, i, j) + after;
        if (!first) pivot += at(g, i, j) * (1.0 - (along_x ? at(up, i - 1, j) : at(up, i, j - 1)));
        at(inv, i, j) = 1.0 / pivot;
        at(up, i, j) = after * at(inv, i, j);
    }
}
/* Peaceman-Rachford without the damped start. */
void adi(int nx, int ny, double *T, const double *cap, const double *gx, const double *gy, const double *sx,
         const double *sy, const double *qx, const double *qy, int steps) {
    size_t bytes = sizeof(double) * nx * ny;
    double *ux = malloc(bytes), *vx = malloc(bytes), *uy = malloc(bytes), *vy = malloc(bytes), *d = malloc(bytes);
    factorise(nx, ny, cap, gx, sx, 1, ux, vx);
    factorise(nx, ny, cap, gy, sy, 0, uy, vy);
    for (int step = 0; step < steps; step++) {
        for (int i = 0; i < nx; i++) {
            for (int j = 0; j < ny; j++) {
                double t = at(T, i, j), r = (at(cap, i, j) - at(sy, i, j)) * t + at(qx, i, j) + at(qy, i, j);
                if (j > 0) r += at(gy, i, j) * (at(T, i, j - 1) - t);
                if (j < ny - 1) r += at(gy, i, j + 1) * (at(T, i, j + 1) - t);
                at(d, i, j) = (r + (i > 0 ? at(gx, i, j) * at(d, i - 1, j) : 0.0)) * at(vx, i, j);
            }
        }
        for (int j = 0; j < ny; j++) at(T, nx - 1, j) = at(d, nx - 1, j);
        for (int i = nx - 2; i >= 0; i--)
            for (int j = 0; j < ny; j++) at(T, i, j) = at(d, i, j) + at(ux, i, j) * at(T, i + 1, j);
        for (int i = 0; i < nx; i++)
            for (int j = 0; j < ny; j++) {
                double t = at(T, i, j), r = (at(cap, i, j) - at(sx, i, j)) * t + at(qx, i, j) + at(qy, i, j);
                if (i > 0) r += at(gx, i, j) * (at(T, i - 1, j) - t);
                if (i < nx - 1) r += at(gx, i + 1, j) * (at(T, i + 1, j) - t);
                at(d, i, j) = (r + (j > 0 ? at(gy, i, j) * at(d, i, j - 1) : 0.0)) * at(vy, i, j);
            }
        for (int i = 0; i < nx; i++) {
            at(T, i, ny - 1) = at(d, i, ny - 1);
            for (int j = ny - 2; j >= 0; j--) at(T, i, j) = at(d, i, j) + at(uy, i, j) * at(T, i, j + 1);
        }
    }
    free(ux); free(vx); free(uy); free(vy); free(d);
}
/* Enthalpy, two sweeps a step: temperatures of all cells, then all fluxes. */
void casting(int nx, int ny, int nz, double *H, const long *m, const double *table, const double *gx, const double *gy,
             const double *gz, double out, double factor, int steps, double *T) {
    long p = (long)ny * nz;
    for (int step = 0; step < steps; step++) {
        for (long c = 0; c < nx * p; c++) {
            const double *t = table + 5 * m[c];
            double h = H[c];
            T[c] = t[0] + ((t[2] * fmin(h, 0.0) + t[3] * fmin(fmax(h, 0.0), t[1])) + t[4] * fmax(h - t[1], 0.0));
        }
        for (int i = 0; i < nx; i++) for (int j = 0; j < ny; j++) {
            const double *Y = gy + ((long)i * (ny + 1) + j) * nz, *Z = gz + ((long)i * ny + j) * (nz + 1);
            for (int k = 0; k < nz; k++) {
                long c = i * p + (long)j * nz + k;
                double t = T[c];
                double net = gx[c] * ((i ? T[c - p] : out) - t) + gx[c + p] * ((i < nx - 1 ? T[c + p] : out) - t);
                net += Y[k] * ((j ? T[c - nz] : out) - t) + Y[k + nz] * ((j < ny - 1 ? T[c + nz] : out) - t);
                net += Z[k] * ((k ? T[c - 1] : out) - t) + Z[k + 1] * ((k < nz - 1 ? T[c + 1] : out) - t);
                H[c] += factor * net;
            }
        }
    }
}
